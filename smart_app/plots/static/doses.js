// Sorafenib by day: bars on the time axis, and the counted days one by one.

import { axisLeft, scaleLinear } from "./vendor/d3.min.js";
import { mark, panel } from "./marks.js";
import { DAY, instant } from "./days.js";

const TITLE = 24;
const SIGNS = { qualifying: "✓", not: "×", unknown: "?" };

function factsOf(one) {
  return {
    low: one.low, high: one.high, state: one.state, source: one.source,
    "in-window": one.inWindow,
  };
}

// What is drawn of a dose: up to its lower reading solid, to its upper one hatched. A dose that
// nobody knows fills the panel with dots; it has no height of its own.
function heights(one, y) {
  if (one.low === null && one.high === null) return { unknown: true };
  const low = one.low ?? 0;
  return { low: y(low), high: y(one.high ?? Math.max(low, y.domain()[1])) };
}

export function drawDoses(svg, frame, place) {
  const { doses } = frame.data;
  const group = panel(svg, place.top, place.title, place.name);
  const most = Math.max(2 * doses.minimum, ...doses.stretches.map((one) => one.high ?? one.low ?? 0));
  const y = scaleLinear([0, most], [place.height, TITLE]);
  drawBand(group, frame, place);
  for (const one of doses.stretches) {
    const from = frame.within(instant(one.first));
    const to = frame.within(instant(one.last) + DAY);
    const facts = { first: one.first, last: one.last, ...factsOf(one) };
    const bar = mark(group, one.inWindow ? "dose counted" : "dose", facts, one.tip);
    drawBar(bar, from, Math.max(1, to - from), heights(one, y), y);
  }
  drawMinimum(group, frame, y);
  const axis = axisLeft(y).tickValues([0, doses.minimum, most]).tickSize(3);
  const scale = group.append("g").attr("class", "axis").attr("aria-hidden", "true");
  scale.attr("transform", `translate(${frame.left},0)`).call(axis);
}

function drawBar(bar, from, width, ends, y) {
  const [bottom, top] = y.range();
  const rect = (name, high, low) =>
    bar.append("rect").attr("class", name).attr("x", from).attr("width", width)
      .attr("y", high).attr("height", Math.max(2, low - high));
  if (ends.unknown) {
    rect("fill unread", top, bottom);
    return;
  }
  rect("fill", Math.min(ends.low, bottom - 2), bottom);
  if (ends.high < ends.low) rect("fill between", ends.high, ends.low);
}

function drawBand(group, frame, place) {
  const counted = frame.data.doses.window;
  if (counted.length === 0) return;
  const from = frame.x(instant(counted[0].day));
  const to = frame.x(instant(counted[counted.length - 1].day) + DAY);
  group.append("rect").attr("class", "window-band").attr("x", from).attr("width", to - from)
    .attr("y", TITLE - 4).attr("height", place.height - TITLE + 4);
}

function drawMinimum(group, frame, y) {
  const { doses } = frame.data;
  const at = y(doses.minimum);
  const line = group.append("g").attr("class", "threshold").attr("aria-hidden", "true");
  line.append("line").attr("x1", frame.left).attr("x2", frame.right).attr("y1", at).attr("y2", at);
  line.append("text").attr("x", frame.left + 4).attr("y", at - 4).text(doses.minimumLabel);
}

export function drawWindow(svg, frame, place) {
  const days = frame.data.doses.window;
  const group = panel(svg, place.top, place.title, place.name);
  const step = (frame.right - frame.left) / days.length;
  days.forEach((one, position) => {
    const from = frame.left + position * step;
    const cell = mark(group, "window-day", { day: one.day, ...factsOf(one) }, one.tip);
    cell.append("rect").attr("class", "fill").attr("x", from + 0.5).attr("y", TITLE)
      .attr("width", step - 1).attr("height", 26);
    cell.append("text").attr("class", "sign").attr("x", from + step / 2).attr("y", TITLE + 17)
      .text(SIGNS[one.state]);
  });
  drawEnds(group, frame, days);
}

function drawEnds(group, frame, days) {
  const ends = group.append("g").attr("class", "ends").attr("aria-hidden", "true");
  ends.append("text").attr("x", frame.left).attr("y", 66).text(days[0].tip[0]);
  ends.append("text").attr("class", "end").attr("x", frame.right).attr("y", 66)
    .text(days[days.length - 1].tip[0]);
}
