// The trials' hazard ratios with their intervals on a logarithmic axis, one row each.

import { axisBottom, scaleLog } from "./vendor/d3.min.js";
import { INSET, mark, panel, svgIn, withTooltip } from "./marks.js";

const WIDE = 640;
const AXIS = 44;
const RIGHT = 16;

function layoutOf(width) {
  const wide = width >= WIDE;
  return {
    width,
    wide,
    left: wide ? Math.round(width * 0.46) : 16,
    right: width - RIGHT,
    row: wide ? 56 : 82,
    middle: wide ? 28 : 64,
  };
}

export function drawForest(canvas, data, width) {
  const layout = layoutOf(width);
  const height = data.rows.length * layout.row + AXIS;
  const svg = svgIn(canvas, width, height, data.title, data.describe);
  const low = Math.min(0.25, ...data.rows.map((one) => one.low));
  const high = Math.max(2, ...data.rows.map((one) => one.high));
  const x = scaleLog([low, high], [layout.left, layout.right]);
  drawAxis(svg, x, layout, height, data);
  data.rows.forEach((one, position) => {
    const first = data.rows.findIndex((other) => other.name === one.name) === position;
    drawRow(svg, x, layout, one, position, first);
  });
  withTooltip(canvas, svg);
}

function drawAxis(svg, x, layout, height, data) {
  const bottom = height - AXIS;
  const ticks = [0.25, 0.5, 1, 2, 4].filter((one) => one >= x.domain()[0] && one <= x.domain()[1]);
  const axis = axisBottom(x).tickValues(ticks).tickFormat(String).tickSizeOuter(0);
  const group = svg.append("g").attr("class", "axis").attr("aria-hidden", "true");
  group.attr("transform", `translate(0,${bottom})`).call(axis);
  svg.append("line").attr("class", "no-effect").attr("data-line-at", 1).attr("x1", x(1))
    .attr("x2", x(1)).attr("y1", 0).attr("y2", bottom);
  const side = (name, at, text) =>
    group.append("text").attr("class", `side ${name}`).attr("x", at).attr("y", 36).text(text);
  side("better", x(1) - 8, `← ${data.better}`);
  side("worse", x(1) + 8, `${data.worse} →`);
}

function drawRow(svg, x, layout, one, position, first) {
  const group = panel(svg, position * layout.row, first ? one.name : "", one.trial);
  const texts = group.append("g").attr("class", "row-texts").attr("aria-hidden", "true");
  texts.append("text").attr("class", "outcome").attr("x", INSET).attr("y", 30).text(one.outcome);
  texts.append("text").attr("class", "shown").attr("x", INSET).attr("y", 45)
    .text(`${one.shown}, ${one.patients}`);
  const facts = {
    trial: one.trial, therapy: one.therapy, outcome: one.outcome, value: one.value,
    low: one.low, high: one.high, n: one.n, source: one.source,
  };
  const ratio = mark(group, one.supports ? "ratio supports" : "ratio", facts, one.tip);
  const middle = layout.middle;
  ratio.append("rect").attr("class", "reach").attr("x", x(one.low)).attr("y", middle - 12)
    .attr("width", x(one.high) - x(one.low)).attr("height", 24);
  ratio.append("line").attr("x1", x(one.low)).attr("x2", x(one.high))
    .attr("y1", middle).attr("y2", middle);
  for (const end of [one.low, one.high]) {
    ratio.append("line").attr("x1", x(end)).attr("x2", x(end))
      .attr("y1", middle - 4).attr("y2", middle + 4);
  }
  ratio.append("rect").attr("class", "point").attr("x", x(one.value) - 5).attr("y", middle - 5)
    .attr("width", 10).attr("height", 10);
}
