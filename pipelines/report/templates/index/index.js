// Search and filter over the days that stand in the page; every word must be found, in the day, its reports or its promises.
// What is sought is unfolded. The days' texts are read when something is sought first: of years of days, they are many.
"use strict";
(() => {
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/gu, " ").toLowerCase();
  const promises = JSON.parse(document.getElementById("promises").textContent);
  const named = (section, kind) => [...section.querySelectorAll(`.${kind} code`)].map(({textContent}) => textContent);
  const days = [...document.querySelectorAll("section.day")].map((section) => ({
    section, all: true, amiss: "amiss" in section.dataset,
    broken: section.querySelector(".broken") !== null, changed: section.querySelector(".changed") !== null,
  }));
  const months = [...document.querySelectorAll("details.month")].map((month, place) => ({month, was: place === 0}));
  const search = document.getElementById("search"), show = document.getElementById("show");
  const found = document.getElementById("found"), nothing = document.getElementById("nothing");

  function text(day) {
    const {section} = day, told = [...named(section, "broken"), ...named(section, "changed")].map((id) => promises[id] ?? "");
    return day.text ??= plain([section.dataset.day, section.textContent, ...told].join(" "));
  }

  function filter() {
    const words = plain(search.value).split(" ").filter(Boolean), isAsked = words.length > 0 || show.value !== "all";
    let shown = 0;
    for (const day of days) {
      day.section.hidden = !day[show.value] || !words.every((word) => text(day).includes(word));
      shown += !day.section.hidden;
    }
    for (const one of months) {
      one.month.hidden = one.month.querySelector("section.day:not([hidden])") === null;
      one.month.open = isAsked || one.was;
    }
    nothing.hidden = shown > 0;
    found.textContent = found.dataset.told.replace("{n}", shown).replace("{total}", days.length);
  }

  search.addEventListener("input", filter);
  show.addEventListener("input", filter);
  document.querySelector(".search").hidden = false;
  filter();
})();
