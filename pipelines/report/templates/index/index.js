// Search and filter over the days that stand in the page; every word must be found, in the day, its reports or its promises.
"use strict";
(() => {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/gu, " ").toLowerCase();
  const promises = JSON.parse(document.getElementById("promises").textContent);
  const told = (ids) => ids.split(" ").map((id) => `${id} ${promises[id] ?? ""}`).join(" ");
  const days = [...document.querySelectorAll("section.day")].map((section) => {
    const {day, broken, changed} = section.dataset;
    return {section, text: plain(`${day} ${section.textContent} ${told(broken)} ${told(changed)}`),
            all: true, broken: broken !== "", changed: changed !== ""};
  });
  const search = document.getElementById("search"), show = document.getElementById("show");
  const found = document.getElementById("found"), nothing = document.getElementById("nothing");

  function filter() {
    const words = plain(search.value).split(" ").filter(Boolean);
    let shown = 0;
    for (const day of days) {
      day.section.hidden = !day[show.value] || !words.every((word) => day.text.includes(word));
      shown += !day.section.hidden;
    }
    nothing.hidden = shown > 0;
    found.textContent = found.dataset.told.replace("{n}", shown).replace("{total}", days.length);
  }

  search.addEventListener("input", filter);
  show.addEventListener("input", filter);
  document.querySelector(".search").hidden = false;
  filter();
})();
