// For paper, whose running head says whose it is: what a chart fills with a pattern is filled with the pattern's own lines and dots. A browser that prints a pattern
// makes a coarse picture of it, that is blurred and weighs more than the rest of the page.
"use strict";
(() => {
  document.querySelector(".top")?.remove();
  const make = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const channels = (colour) => colour.match(/\d+/g).map(Number);
  // Of one colour with what it lies on, so that nothing shows where two of them overlap.
  const mixed = (mark, ground) => {
    const opacity = Number(mark.getAttribute("opacity") ?? 1), under = channels(ground.getAttribute("fill"));
    const own = channels(mark.getAttribute("stroke") ?? mark.getAttribute("fill"));
    return `rgb(${own.map((value, place) => Math.round(value * opacity + under[place] * (1 - opacity)))})`;
  };

  document.querySelectorAll(".chart .pattern_filled").forEach((shape, number) => {
    const pattern = document.getElementById(/#([^"')]+)/.exec(shape.style.fill)[1]), box = shape.getBBox();
    const scale = pattern.patternTransform.baseVal.consolidate()?.matrix.a ?? 1;
    const step = scale * pattern.width.baseVal.value, [ground, ...marks] = pattern.children;
    const clip = make("clipPath", {id: `paper-${number}`}), outline = shape.cloneNode();
    const drawn = make("g", {"clip-path": `url(#paper-${number})`});
    if (shape.hasAttribute("transform")) drawn.setAttribute("transform", shape.getAttribute("transform"));
    for (const name of ["transform", "style", "class"]) outline.removeAttribute(name);
    clip.append(outline);
    const {x, y, width, height} = box;
    drawn.append(clip, make("rect", {x, y, width, height, fill: ground.getAttribute("fill")}));
    for (let left = Math.floor(x / step) * step; left < x + width; left += step) {
      for (let top = Math.floor(y / step) * step; top < y + height; top += step) {
        const tile = make("g", {transform: `translate(${left} ${top}) scale(${scale})`});
        for (const mark of marks) {
          const copy = mark.cloneNode(), kind = mark.hasAttribute("stroke") ? "stroke" : "fill";
          copy.removeAttribute("opacity");
          copy.setAttribute(kind, mixed(mark, ground));
          if (kind === "stroke") copy.setAttribute("fill", "none");
          tile.append(copy);
        }
        drawn.append(tile);
      }
    }
    shape.before(drawn);
    shape.style.fill = "none";
  });
})();
