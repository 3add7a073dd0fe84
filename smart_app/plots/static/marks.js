// A mark is one thing that a reader can point at: it says in data attributes what it stands for,
// in its label what a tooltip would say, and it can be reached with the arrow keys.

import { select } from "./vendor/d3.min.js";

const GAP = 12;

export const INSET = 8;

export function svgIn(canvas, width, height, title, describe) {
  return select(canvas)
    .append("svg")
    .attr("width", width)
    .attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("role", "group")
    .attr("aria-label", `${title}. ${describe}`);
}

export function mark(parent, kind, facts, tip) {
  const group = parent
    .append("g")
    .attr("class", `mark ${kind}`)
    .attr("role", "img")
    .attr("tabindex", -1)
    .attr("aria-label", tip.join("; "))
    .attr("data-kind", kind)
    .attr("data-tip", tip.join("\n"));
  for (const [name, value] of Object.entries(facts)) {
    if (value !== null && value !== undefined) group.attr(`data-${name}`, String(value));
  }
  return group;
}

export function panel(svg, top, title, name) {
  const group = svg.append("g").attr("class", "panel").attr("data-panel", name);
  group.attr("transform", `translate(0,${top})`);
  group.append("text").attr("class", "panel-title").attr("x", INSET).attr("y", 14).text(title);
  return group;
}

// Tooltip by pointer and by focus; it stays while the pointer is on it, Escape puts it away.
export function withTooltip(canvas, svg) {
  const tip = select(canvas).append("div").attr("class", "plot-tip").attr("aria-hidden", "true");
  let leaving = 0;
  const hide = () => tip.classed("open", false);
  const show = (node) => {
    clearTimeout(leaving);
    tip.selectAll("*").remove();
    for (const line of node.dataset.tip.split("\n")) tip.append("p").append("bdi").text(line);
    tip.classed("open", true);
    place(canvas, node, tip.node());
  };
  const hideSoon = () => {
    leaving = setTimeout(hide, 200);
  };
  svg.on("pointerover", (event) => {
    const found = event.target.closest(".mark");
    if (found) show(found);
    else hideSoon();
  });
  svg.on("pointerleave", hideSoon);
  svg.on("focusin", (event) => {
    const found = event.target.closest(".mark");
    if (found) show(found);
  });
  svg.on("focusout", hideSoon);
  tip.on("pointerenter", () => clearTimeout(leaving)).on("pointerleave", hideSoon);
  svg.on("keydown", (event) => (event.key === "Escape" ? hide() : step(svg.node(), event)));
  enter(svg.node());
}

function place(canvas, node, tip) {
  const frame = canvas.getBoundingClientRect();
  const box = node.getBoundingClientRect();
  const room = canvas.clientWidth - tip.offsetWidth;
  const left = box.left + box.width / 2 - frame.left - tip.offsetWidth / 2;
  const above = box.top - frame.top - tip.offsetHeight - GAP;
  tip.style.left = `${Math.max(0, Math.min(left, room))}px`;
  tip.style.top = `${above > 0 ? above : box.bottom - frame.top + GAP}px`;
}

// One stop for the Tab key in each picture; the arrow keys go on from there.
function enter(svg) {
  svg.querySelector(".mark")?.setAttribute("tabindex", "0");
}

function step(svg, event) {
  const marks = [...svg.querySelectorAll(".mark")];
  const here = marks.indexOf(document.activeElement);
  const target = here < 0 ? null : next(marks, here, event.key);
  if (!target) return;
  event.preventDefault();
  marks[here].setAttribute("tabindex", "-1");
  target.setAttribute("tabindex", "0");
  target.focus();
}

function next(marks, here, key) {
  const panelOf = (one) => one.closest("[data-panel]");
  const own = panelOf(marks[here]);
  switch (key) {
    case "ArrowRight":
      return marks[here + 1];
    case "ArrowLeft":
      return marks[here - 1];
    case "Home":
      return marks[0];
    case "End":
      return marks[marks.length - 1];
    case "ArrowDown":
      return marks.slice(here).find((one) => panelOf(one) !== own);
    case "ArrowUp": {
      const before = marks.slice(0, here).reverse().find((one) => panelOf(one) !== own);
      return before && marks.find((one) => panelOf(one) === panelOf(before));
    }
    default:
      return null;
  }
}
