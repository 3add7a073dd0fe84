// The course on one time axis: panels one below the other, all with the same days.

import { axisBottom, scaleUtc } from "./vendor/d3.min.js";
import { DAY, instant } from "./days.js";
import { drawDoses, drawWindow } from "./doses.js";
import { svgIn, withTooltip } from "./marks.js";
import { drawAfp, drawGrades, drawLab } from "./measured.js";
import { drawEvents, drawLines } from "./treatments.js";

const LEFT = 44;
const RIGHT = 14;
const BETWEEN = 10;
const AXIS = 28;

// A frame holds what every panel needs: the time scale, the width, the words.
function frameOf(data, width) {
  const domain = [instant(data.first), instant(data.last) + DAY];
  const x = scaleUtc(domain, [LEFT, width - RIGHT]);
  return { x, width, left: LEFT, right: width - RIGHT, data, within: within(x) };
}

function within(x) {
  const [low, high] = x.range();
  return (time) => Math.max(low, Math.min(high, x(time)));
}

// The panels in their order, each with its height; those without anything to show are left out.
function panelsOf(data) {
  const bySeries = Object.fromEntries(data.series.map((one) => [one.input, one]));
  const some = (list) => list.length > 0;
  return [
    { name: "lines", height: 24 + 24 * data.lines.length, draw: drawLines, use: some(data.lines) },
    { name: "events", height: 48, draw: drawEvents, use: some(data.events) },
    { name: "doses", height: 120, draw: drawDoses, use: some(data.doses.stretches) },
    { name: "window", height: 70, draw: drawWindow, use: some(data.doses.window) },
    { name: "alpha-fetoprotein", height: 168, draw: drawAfp, series: bySeries["alpha-fetoprotein"] },
    { name: "bilirubin", height: 88, draw: drawLab, series: bySeries.bilirubin },
    { name: "albumin", height: 88, draw: drawLab, series: bySeries.albumin },
    { name: "inr", height: 88, draw: drawLab, series: bySeries.inr },
    { name: "child-pugh", height: 48, draw: drawGrades, points: data.childPugh },
    { name: "albi", height: 48, draw: drawGrades, points: data.albi },
  ].filter((one) => one.use ?? some(one.points ?? one.series.readings));
}

export function drawTimeline(canvas, data, width) {
  const frame = frameOf(data, width);
  const panels = panelsOf(data);
  const height = panels.reduce((sum, one) => sum + one.height + BETWEEN, AXIS);
  const svg = svgIn(canvas, width, height, data.title, data.describe);
  svg.attr("data-first", data.first).attr("data-last", data.last).attr("data-as-of", data.asOf);
  drawPatterns(svg);
  drawAxis(svg, frame, height);
  let top = 0;
  for (const one of panels) {
    one.draw(svg, frame, { ...one, top, title: data.panels[one.name] });
    top += one.height + BETWEEN;
  }
  withTooltip(canvas, svg);
}

function monthName(template, time) {
  const month = String(time.getUTCMonth() + 1);
  return template
    .replace("{year}", String(time.getUTCFullYear()))
    .replace("{month:02}", month.padStart(2, "0"))
    .replace("{month}", month);
}

function drawAxis(svg, frame, height) {
  const { x, data } = frame;
  const ticks = Math.max(2, Math.floor((frame.right - frame.left) / 90));
  const axis = axisBottom(x)
    .ticks(ticks)
    .tickSizeInner(-(height - AXIS))
    .tickSizeOuter(0)
    .tickFormat((time) => monthName(data.month, time));
  const group = svg.append("g").attr("class", "axis days").attr("aria-hidden", "true");
  group.attr("transform", `translate(0,${height - AXIS})`).call(axis);
  const today = x(instant(data.asOf));
  svg.append("line").attr("class", "today").attr("x1", today).attr("x2", today)
    .attr("y1", 0).attr("y2", height - AXIS);
}

function drawPatterns(svg) {
  const patterns = svg.append("defs");
  const hatch = patterns.append("pattern").attr("id", "plot-hatch").attr("width", 5);
  hatch.attr("height", 5).attr("patternUnits", "userSpaceOnUse");
  hatch.attr("patternTransform", "rotate(45)");
  hatch.append("rect").attr("class", "hatch-ground").attr("width", 5).attr("height", 5);
  hatch.append("rect").attr("class", "hatch-line").attr("width", 2).attr("height", 5);
  const dots = patterns.append("pattern").attr("id", "plot-dots").attr("width", 5);
  dots.attr("height", 5).attr("patternUnits", "userSpaceOnUse");
  dots.append("circle").attr("class", "dot").attr("cx", 2).attr("cy", 2).attr("r", 0.9);
}
