// Draws the pictures of a page from the numbers that the page carries, and again when it changes.
// Another script that puts a new fragment into the page calls drawPlots on what it has put there.

import { drawForest } from "./forest.js";
import { drawTimeline } from "./timeline.js";

const DRAWERS = { timeline: drawTimeline, forest: drawForest };

function marksOf(canvas) {
  const section = canvas.closest(".plot");
  const script = section.querySelector(`script[data-marks="${canvas.dataset.plot}"]`);
  return JSON.parse(script.textContent);
}

function draw(canvas) {
  const drawer = DRAWERS[canvas.dataset.plot];
  const marks = marksOf(canvas);
  let drawnWidth = 0;
  const fit = () => {
    const width = Math.floor(canvas.clientWidth);
    if (width === 0 || width === drawnWidth) return;
    drawnWidth = width;
    canvas.replaceChildren();
    drawer(canvas, marks, width);
    canvas.dataset.drawn = String(width);
  };
  new ResizeObserver(() => requestAnimationFrame(fit)).observe(canvas);
  fit();
}

export function drawPlots(root = document) {
  for (const canvas of root.querySelectorAll(".plot-canvas[data-plot]:not([data-seen])")) {
    canvas.dataset.seen = "";
    draw(canvas);
  }
}

drawPlots();
