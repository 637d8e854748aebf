/** The shape of a stroke: outline of a pressed pen around the centre line, in the units of the points. */
import { getStroke } from "perfect-freehand";

import type { InkBody } from "./body.ts";
import { decodePoints, type Point } from "./stroke.ts";

/** How strongly pressure changes the width: at full pressure 1.5 times `w`, at none half. */
const THINNING = 0.5;
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
  const first = edge[0];
  if (!first) return "";
  const parts = [`M${pair(first)}Q`];
  for (const [index, point] of edge.entries()) {
    const next = edge[(index + 1) % edge.length] ?? first;
    parts.push(`${pair(point)} ${pair([mean(point[0], next[0]), mean(point[1], next[1])])} `);
  }
  return `${parts.join("")}Z`;
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

function pair([x = 0, y = 0]: readonly number[]): string {
  return `${x.toFixed(2)} ${y.toFixed(2)}`;
}

const made = new WeakMap<InkBody, string>();

/** Path of a stored stroke, made once for each body: bodies never change. */
export function inkPath(body: InkBody): string {
  let path = made.get(body);
  if (path === undefined) {
    path = outline(decodePoints(body.pts), body.w);
    made.set(body, path);
  }
  return path;
}
