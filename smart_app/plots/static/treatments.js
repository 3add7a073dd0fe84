// Lines of therapy as periods, progression and intolerance as signs of different shape.

import {
  symbol, symbolCross, symbolDiamond, symbolSquare, symbolTriangle,
} from "./vendor/d3.min.js";
import { mark, panel } from "./marks.js";
import { DAY, instant } from "./days.js";

const TITLE = 24;
const ROW = 24;
const SHAPES = {
  progression: symbolTriangle, intolerance: symbolCross, allergy: symbolSquare,
  "adverse-event": symbolDiamond,
};

export function drawLines(svg, frame, place) {
  const group = panel(svg, place.top, place.title, place.name);
  frame.data.lines.forEach((one, row) => {
    const facts = {
      first: one.first, last: one.last, running: one.running, again: one.again,
      state: one.state, label: one.label, source: one.source,
    };
    const period = mark(group, one.again ? "line again" : "line", facts, one.tip);
    drawPeriod(period, frame, one, TITLE + row * ROW);
  });
}

// An end that nobody recorded is drawn open: no edge, and a question mark beside it.
function drawPeriod(period, frame, one, top) {
  const from = one.first === null ? frame.left : frame.within(instant(one.first));
  const open = one.last === null && !one.running;
  const to = one.last === null ? frame.right : frame.within(instant(one.last) + DAY);
  const width = Math.max(3, to - from);
  const unsure = open || one.first === null;
  period.append("rect").attr("class", unsure ? "span open" : "span").attr("x", from)
    .attr("y", top).attr("width", width).attr("height", ROW - 6).attr("rx", 3);
  const end = one.running ? " ▸" : open ? " ?" : "";
  const start = one.first === null ? "? " : "";
  const late = from > frame.left + (frame.right - frame.left) * 0.6;
  period.append("text").attr("class", late ? "name late" : "name")
    .attr("x", late ? Math.max(from - 4, to - 4) : from + 4).attr("y", top + 13)
    .text(`${start}${one.label}${end}`);
}

export function drawEvents(svg, frame, place) {
  const group = panel(svg, place.top, place.title, place.name);
  const middle = TITLE + 12;
  for (const one of frame.data.events) {
    const facts = {
      day: one.day, latest: one.latest, state: one.state, source: one.source,
      decides: one.decides,
    };
    const sign = mark(group, `event ${one.state}`, facts, one.tip);
    const from = frame.within(instant(one.day) + DAY / 2);
    const to = frame.within(instant(one.latest) + DAY / 2);
    sign.append("line").attr("x1", from).attr("x2", to).attr("y1", middle).attr("y2", middle);
    sign.append("circle").attr("class", "reach").attr("cx", from).attr("cy", middle).attr("r", 12);
    sign.append("path").attr("class", "point").attr("d", symbol(SHAPES[one.state], 110)())
      .attr("transform", `translate(${from},${middle})${one.state === "progression" ? " rotate(180)" : ""}`);
  }
}
