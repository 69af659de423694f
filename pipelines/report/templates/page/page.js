// Unpacks plotly.js, which the page carries compressed, draws the page's charts, and makes the page ready for paper.
// Nothing is fetched from anywhere.
"use strict";
(async () => {
  const PAPER = 680;  // the width of an A4 page between its margins, in CSS pixels
  const held = document.getElementById("plotly");
  const letters = (name) => name.match(/&\w+;|./gsu) ?? [];  // an escaped letter is one
  const short = (name) => letters(name).length > 20 ? letters(name).slice(0, 19).join("") + "…" : name;
  const charts = () => document.querySelectorAll(".chart.js-plotly-plot");

  // A narrow screen: a legend of one column, few figures on the axis, names aslant or cut, and none left out.
  function adapt({data, layout}) {
    const {xaxis, yaxis} = layout, names = [...new Set(data.flatMap((trace) => trace[yaxis.type ? "y" : "x"]))];
    if (layout.showlegend) layout.height += 16 * data.length;
    if (yaxis.type) {
      xaxis.nticks /= 2;
      Object.assign(yaxis, {tickmode: "array", tickvals: names, ticktext: names.map(short)});
    } else {
      xaxis.tickangle = names.length > 4 ? -60 : 0;
      xaxis.nticks = Math.min(names.length, 8);
    }
  }

  if (held) {
    const packed = Uint8Array.from(atob(held.textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const library = document.createElement("script");
    library.textContent = await new Response(stream).text();  // its hash stands in the page's Content-Security-Policy
    document.head.append(library);
    const {locale, template} = JSON.parse(document.getElementById("charts").textContent);
    if (locale) Plotly.register(locale);
    const narrow = matchMedia("(max-width: 40rem)").matches, printed = matchMedia("print").matches;
    await Promise.all([...document.querySelectorAll("script[data-for]")].map((data) => {
      const chart = JSON.parse(data.textContent);
      chart.layout.template = template;
      if (narrow) adapt(chart);
      if (printed) chart.layout.width = PAPER;  // drawn once
      return Plotly.newPlot(data.dataset.for, chart.data, chart.layout, chart.config);
    }));
  }
  const folds = document.querySelectorAll("details");
  addEventListener("beforeprint", () => {
    folds.forEach((fold) => { fold.dataset.was = fold.open; fold.open = true; });
    charts().forEach((chart) => { if (chart.layout.width !== PAPER) Plotly.relayout(chart, {width: PAPER}); });
  });
  addEventListener("afterprint", () => {
    folds.forEach((fold) => { fold.open = fold.dataset.was === "true"; });
    charts().forEach((chart) => Plotly.relayout(chart, {width: null, autosize: true}));
  });
  document.documentElement.dataset.charts = "drawn";
})();
