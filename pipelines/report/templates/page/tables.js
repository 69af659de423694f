// Tables are sorted by their headings, and long ones filtered by words. A heading is a button: the keyboard works too.
// On a phone a row is a card, each cell of which brings the name of its column along.
"use strict";
(() => {
  const FEW = 3, MANY = 11;  // rows from which a table is worth sorting, and filtering
  const {dataset: say} = document.getElementById("content");
  const collator = new Intl.Collator(document.documentElement.lang, {numeric: true});
  const NUMBER = /^-?\d+(\.\d+)?$/;

  const key = (row, place) => row.cells[place].dataset.sort ?? row.cells[place].textContent.trim();
  const compare = (a, b) => NUMBER.test(a) && NUMBER.test(b) ? a - b : collator.compare(a, b);
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/gu, " ").toLowerCase();

  // What tells nothing (data-sort="") comes last, whichever way the table is turned.
  const ordered = (rows, place, turn) => turn === "none" ? rows : [...rows].sort((one, other) => {
    const [a, b] = [key(one, place), key(other, place)];
    if (!a || !b) return !a - !b;
    return turn === "ascending" ? compare(a, b) : compare(b, a);
  });

  function sorts(table, groups) {
    const heads = [...table.tHead.rows[0].cells];
    const next = {none: "ascending", ascending: "descending", descending: "none"};
    heads.forEach((head, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = say.sort;
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const turn = next[head.getAttribute("aria-sort") ?? "none"];
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        if (turn !== "none") head.setAttribute("aria-sort", turn);
        groups.forEach(({body, rows}) => body.append(...ordered(rows, place, turn)));
      });
    });
    table.classList.add("sorts");
  }

  function filters(table, groups) {
    const total = groups.reduce((sum, {rows}) => sum + rows.length, 0);
    const tools = document.createElement("div"), name = document.createElement("label");
    const asked = document.createElement("input"), told = document.createElement("output");
    tools.className = "tools";
    asked.type = "search";
    name.append(say.filter, " ", asked);
    tools.append(name, told);
    asked.addEventListener("input", () => {
      const words = plain(asked.value).split(" ").filter(Boolean);
      let shown = 0;
      for (const {body, rows} of groups) {
        const fitting = rows.filter((row) => {
          const text = plain(row.textContent);
          row.hidden = !words.every((word) => text.includes(word));
          return !row.hidden;
        });
        body.hidden = !fitting.length;
        shown += fitting.length;
      }
      told.textContent = words.length ? say.shown.replace("{n}", shown).replace("{total}", total) : "";
    });
    table.closest(".scroll").before(tools);
  }

  function cards(table, groups) {
    const names = [...table.tHead.rows[0].cells].map((head) => head.textContent + say.colon);
    groups.forEach(({rows}) => rows.forEach((row) => [...row.cells].forEach((cell, place) => { cell.dataset.label = names[place]; })));
    table.classList.add("cards");
  }

  for (const table of document.querySelectorAll(".scroll > table")) {
    const groups = [...table.tBodies].map((body) => ({body, rows: [...body.rows].filter((row) => !row.matches(".group"))}));
    const total = groups.reduce((sum, {rows}) => sum + rows.length, 0);
    if (table.matches(".stack")) cards(table, groups);
    if (total >= FEW) sorts(table, groups);
    if (total >= MANY) filters(table, groups);
  }
})();
