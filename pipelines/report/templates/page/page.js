// Unpacks plotly.js, which the page carries compressed, and draws the page's charts. Nothing is fetched from anywhere.
"use strict";
(async () => {
  const packed = Uint8Array.from(atob(document.getElementById("plotly").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const library = document.createElement("script");
  library.textContent = await new Response(stream).text();  // its hash stands in the page's Content-Security-Policy
  document.head.append(library);
  const narrow = matchMedia("(max-width: 40rem)").matches;
  await Promise.all([...document.querySelectorAll("script[data-for]")].map((held) => {
    const chart = JSON.parse(held.textContent);
    if (narrow && chart.layout.showlegend) chart.layout.height += 16 * chart.data.length;  // room for a legend of one column
    if (narrow && chart.layout.xaxis.nticks) chart.layout.xaxis.nticks /= 2;
    return Plotly.newPlot(held.dataset.for, chart.data, chart.layout, chart.config);
  }));
  const folds = document.querySelectorAll("details");
  addEventListener("beforeprint", () => folds.forEach((fold) => { fold.dataset.was = fold.open; fold.open = true; }));
  addEventListener("afterprint", () => folds.forEach((fold) => { fold.open = fold.dataset.was === "true"; }));
  document.documentElement.dataset.charts = "drawn";
})();
