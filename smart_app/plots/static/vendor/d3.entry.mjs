// What our modules draw with, and no more.
export { axisBottom, axisLeft } from "d3-axis";
export { scaleLinear, scaleLog, scaleUtc } from "d3-scale";
export { select } from "d3-selection";
export {
  line, symbol, symbolCircle, symbolCross, symbolDiamond, symbolSquare, symbolTriangle,
} from "d3-shape";
