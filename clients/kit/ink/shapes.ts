/** Arrow, line and rectangle: from the drag of a pointer to a body, and its path. */
import type { XY } from "../pdf/geometry.ts";
import type { ShapeBody, ShapeKind } from "./body.ts";

/** A shorter drag was a touch and no figure, in points. */
const SMALLEST_PT = 4;
/** This near to level or upright, it is meant to be, in degrees. */
const SNAP_DEGREES = 4;
/** The head of an arrow: length as a multiple of the width, at least so many points, and half its opening. */
const HEAD_WIDTHS = 4.5;
const HEAD_LEAST_PT = 7;
const HEAD_ANGLE = Math.PI / 7;

/** The figure that a drag from one place to another draws (user space); null where it is too small to be meant. */
export function drawnShape(shape: ShapeKind, color: string, w: number, from: XY, to: XY): ShapeBody | null {
  if (Math.hypot(to.x - from.x, to.y - from.y) < SMALLEST_PT) return null;
  const end = shape === "rect" ? to : level(from, to);
  return { type: "shape", shape, color, w, x1: round(from.x), y1: round(from.y), x2: round(end.x), y2: round(end.y) };
}

/** A hand that is nearly level is made level. */
function level(from: XY, to: XY): XY {
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  const quarter = Math.round(angle / 90) * 90;
  if (Math.abs(angle - quarter) > SNAP_DEGREES) return to;
  return quarter % 180 === 0 ? { x: to.x, y: from.y } : { x: from.x, y: to.y };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Path data in user space, to be stroked with `w`. */
export function shapePath({ shape, w, x1, y1, x2, y2 }: ShapeBody): string {
  if (shape === "rect") return `M${x1} ${y1}H${x2}V${y2}H${x1}Z`;
  const line = `M${x1} ${y1}L${x2} ${y2}`;
  if (shape === "line") return line;
  const [left, right] = arrowHead({ x: x1, y: y1 }, { x: x2, y: y2 }, w);
  return `${line}M${left.x.toFixed(2)} ${left.y.toFixed(2)}L${x2} ${y2}L${right.x.toFixed(2)} ${right.y.toFixed(2)}`;
}

/** The two ends of the head of an arrow whose tip is at `to`. */
export function arrowHead(from: XY, to: XY, w: number): [XY, XY] {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const length = Math.min(Math.max(HEAD_LEAST_PT, w * HEAD_WIDTHS), Math.hypot(to.x - from.x, to.y - from.y));
  const end = (turn: number): XY => ({ x: to.x - length * Math.cos(angle + turn), y: to.y - length * Math.sin(angle + turn) });
  return [end(HEAD_ANGLE), end(-HEAD_ANGLE)];
}
