// AFP on a logarithmic axis with its threshold, liver tests, and grades as labels.

import {
  axisLeft, line, scaleLinear, scaleLog, symbol, symbolCircle, symbolDiamond, symbolSquare,
  symbolTriangle,
} from "./vendor/d3.min.js";
import { INSET, mark, panel } from "./marks.js";
import { DAY, instant } from "./days.js";

const TITLE = 24;
const NOON = DAY / 2;
const SHAPES = {
  "at-least-400": symbolTriangle, "below-400": symbolCircle, unknown: symbolDiamond,
};

function onAxis(frame) {
  const [first, last] = frame.x.domain().map(Number);
  return (one) => instant(one.day) >= first && instant(one.day) < last;
}

function factsOf(one) {
  return {
    day: one.day, value: one.value, comparator: one.comparator, unit: one.unit,
    state: one.state, source: one.source, decides: one.decides,
  };
}

function drawReading(group, series, one, at, shape) {
  const kind = one.decides ? "reading decides" : "reading";
  const point = mark(group, kind, { input: series.input, ...factsOf(one) }, one.tip);
  point.attr("transform", `translate(${at})`);
  point.append("circle").attr("class", "reach").attr("r", 12);
  point.append("path").attr("class", "point").attr("d", symbol(shape, one.decides ? 90 : 60)());
  if (one.comparator) {
    point.append("text").attr("class", "comparator").attr("x", 8).attr("y", 4).text(one.comparator);
  }
}

function drawScale(group, frame, y, values) {
  const axis = axisLeft(y).tickSize(3);
  if (values) axis.tickValues(values).tickFormat((value) => value.toLocaleString("en"));
  else axis.ticks(3);
  const scale = group.append("g").attr("class", "axis").attr("aria-hidden", "true");
  scale.attr("transform", `translate(${frame.left},0)`).call(axis);
}

function drawCurve(group, frame, y, readings) {
  const path = line().x((one) => frame.x(instant(one.day) + NOON)).y((one) => y(one.value));
  group.append("path").attr("class", "curve").attr("d", path(readings));
}

export function drawAfp(svg, frame, place) {
  const { series } = place;
  const shown = series.readings.filter(onAxis(frame));
  const ofUnit = shown.filter((one) => one.unit === series.unit);
  const others = shown.filter((one) => one.unit !== series.unit);
  const group = panel(svg, place.top, place.title, place.name);
  const bottom = place.height - (others.length > 0 ? 26 : 4);
  const y = logScale(ofUnit.map((one) => one.value), series.threshold, [bottom, TITLE]);
  drawThreshold(group, frame, y(series.threshold), series.thresholdLabel);
  drawScale(group, frame, y, powers(y.domain()));
  drawCurve(group, frame, y, ofUnit);
  for (const one of ofUnit) {
    const at = [frame.x(instant(one.day) + NOON), y(one.value)];
    drawReading(group, series, one, at, SHAPES[one.state]);
  }
  drawOthers(group, frame, place, series, others);
}

// AFP in another unit has its day but no place on the axis.
function drawOthers(group, frame, place, series, others) {
  if (others.length === 0) return;
  group.append("text").attr("class", "panel-title").attr("x", INSET).attr("y", place.height - 4)
    .text(frame.data.panels["other-unit"]);
  for (const one of others) {
    const at = [frame.x(instant(one.day) + NOON), place.height - 9];
    drawReading(group, series, one, at, symbolSquare);
  }
}

function logScale(values, threshold, range) {
  const positive = values.filter((value) => value > 0);
  const low = Math.min(threshold / 10, ...positive);
  const high = Math.max(threshold * 10, ...positive);
  const domain = [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))];
  return scaleLog(domain, range).clamp(true);
}

function powers([low, high]) {
  const found = [];
  for (let value = low; value <= high * 1.001; value *= 10) found.push(value);
  return found;
}

function drawThreshold(group, frame, at, label) {
  const threshold = group.append("g").attr("class", "threshold").attr("data-threshold", label);
  threshold.attr("aria-hidden", "true");
  threshold.append("line").attr("x1", frame.left).attr("x2", frame.right)
    .attr("y1", at).attr("y2", at);
  threshold.append("text").attr("x", frame.left + 4).attr("y", at - 4).text(label);
}

export function drawLab(svg, frame, place) {
  const { series } = place;
  const shown = series.readings.filter(onAxis(frame));
  const group = panel(svg, place.top, place.title, place.name);
  const values = shown.map((one) => one.value);
  const domain = [Math.min(...values), Math.max(...values)];
  const y = scaleLinear(domain[0] === domain[1] ? [domain[0] * 0.9, domain[1] * 1.1] : domain,
    [place.height - 8, TITLE + 6]).nice(3);
  drawScale(group, frame, y);
  drawCurve(group, frame, y, shown);
  for (const one of shown) {
    const at = [frame.x(instant(one.day) + NOON), y(one.value)];
    drawReading(group, series, one, at, symbolCircle);
  }
}

export function drawGrades(svg, frame, place) {
  const group = panel(svg, place.top, place.title, place.name);
  for (const one of place.points.filter(onAxis(frame))) {
    const facts = {
      day: one.day, value: one.value, low: one.low, high: one.high, state: one.state,
      source: one.source,
    };
    const label = mark(group, `grade ${place.name}`, facts, one.tip);
    const wide = 14 + 7 * (one.label.length - 1);
    const at = Math.min(frame.x(instant(one.day) + NOON), frame.right + 10 - wide / 2);
    label.append("rect").attr("x", at - wide / 2).attr("y", TITLE).attr("width", wide)
      .attr("height", 20).attr("rx", 3);
    label.append("text").attr("class", "sign").attr("x", at).attr("y", TITLE + 14).text(one.label);
  }
}
