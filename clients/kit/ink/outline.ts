/** The shape of a stroke while it is written: outline of a pressed pen around all the points that the pen gave, in their
 * units. What is stored has far fewer of them; see `ribbon.ts`. */
import { getStroke } from "perfect-freehand";

import type { Point } from "./stroke.ts";

/** How strongly pressure changes the width: at full pressure 1.5 times `w`, at none half. */
export const THINNING = 0.5;
const SMOOTHING = 0.5;
/** Little lag: the line must end under the tip. */
const STREAMLINE = 0.25;

/** A smooth closed curve: the places are controls, the curve passes through the middles between them. */
type Edge = readonly (readonly number[])[];

/** `w` is the width at middle pressure; `complete`: the pen has been lifted. */
function edgeOf(points: readonly Point[], w: number, complete: boolean): Edge {
  return getStroke(points.map(({ x, y, p }) => [x, y, p]), {
    size: w, thinning: THINNING, smoothing: SMOOTHING, streamline: STREAMLINE, simulatePressure: false, last: complete,
  });
}

/** Outline as path data of SVG. */
export function outline(points: readonly Point[], w: number, complete = true): string {
  const edge = edgeOf(points, w, complete);
  const say = (value: number): string => value.toFixed(2);
  let [x = 0, y = 0] = edge[0] ?? [];
  let data = edge.length === 0 ? "" : `M${say(x)} ${say(y)}Q`;
  for (let at = 1; at <= edge.length; at += 1) {
    const [nextX = 0, nextY = 0] = edge[at % edge.length] ?? [];
    data += `${say(x)} ${say(y)} ${say((x + nextX) / 2)} ${say((y + nextY) / 2)} `;
    [x, y] = [nextX, nextY];
  }
  return data === "" ? "" : `${data}Z`;
}

/** The same for a canvas, without going through text: it is made on every move of the pen. */
export function outlinePath(points: readonly Point[], w: number, complete = true): Path2D {
  const edge = edgeOf(points, w, complete);
  const path = new Path2D();
  const first = edge[0];
  if (!first) return path;
  path.moveTo(first[0] ?? 0, first[1] ?? 0);
  for (const [index, point] of edge.entries()) {
    const next = edge[(index + 1) % edge.length] ?? first;
    path.quadraticCurveTo(point[0] ?? 0, point[1] ?? 0, mean(point[0], next[0]), mean(point[1], next[1]));
  }
  path.closePath();
  return path;
}

function mean(a = 0, b = 0): number {
  return (a + b) / 2;
}
