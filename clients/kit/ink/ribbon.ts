/** The shape of a stored stroke as path data: a band around the few points that are kept of it, round at its ends and where
 * it turns back. A page may carry thousands of strokes, so it is made with plain numbers and written short. */
import type { XY } from "../pdf/geometry.ts";
import type { InkBody } from "./body.ts";
import { THINNING } from "./outline.ts";

/** Lengths in this file are in steps, as they are stored. */
const STEPS = 100;
/** Units of `inkPath` in a point: half steps, so that what lies between two controls is a whole number. */
export const INK_STEPS = 2 * STEPS;
/** The curve may leave the corner of two lines by so much; points of a bow lie closer to it than that. */
const ROUNDING = 0.4 * STEPS;
/** The curve may lie beside a point by so much. */
const TREMBLING = 0.1 * STEPS;
/** Closer points are one. */
const SAME = 0.05 * STEPS;
/** A turn whose cosine is smaller is gone round outside. */
const SHARP = 0.3;
/** An arc may lie inside its circle by about so much. */
const FLAT = 0.02 * STEPS;
const LARGEST_ANGLE = 0.7;

/** The centre line with half the width at each place. */
interface Line {
  readonly x: number[];
  readonly y: number[];
  readonly r: number[];
}

/** A closed curve: places are controls, the curve passes through the middles between them. */
interface Edge {
  readonly x: number[];
  readonly y: number[];
}

const made = new WeakMap<InkBody, string>();

/** Path of a stored stroke in units of its own, made once for each body: bodies never change. */
export function inkPath(body: InkBody): string {
  let path = made.get(body);
  if (path === undefined) {
    path = pathData(edgeOf(sharpened(withCorners(lineOf(body)))));
    made.set(body, path);
  }
  return path;
}

function lineOf({ pts, w }: InkBody): Line {
  const line: Line = { x: [], y: [], r: [] };
  let [x, y, p] = [0, 0, 0];
  let [lastX, lastY] = [Infinity, Infinity];
  for (let at = 0; at + 2 < pts.length; at += 3) {
    x += pts[at] ?? 0;
    y += pts[at + 1] ?? 0;
    p += pts[at + 2] ?? 0;
    if (length(x - lastX, y - lastY) <= SAME) continue;
    push(line, x, y, w * STEPS * (0.5 - THINNING * (0.5 - p / STEPS)));
    [lastX, lastY] = [x, y];
  }
  return line;
}

function push(line: Line, x: number, y: number, r: number): void {
  line.x.push(x);
  line.y.push(y);
  line.r.push(r);
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}

/** Between two long lines the curve would swing wide: places near the corner hold it there. */
function withCorners(line: Line): Line {
  const { x, y, r } = line;
  const out: Line = { x: [], y: [], r: [] };
  let near = 0; // so far from the place before, the line is already held
  for (let i = 0; i < x.length; i += 1) {
    const reach = reachAt(line, i);
    const [back, ahead] = reach > 0 ? [between(line, i - 1, i), between(line, i, i + 1)] : [0, 0];
    if (back - near > reach * 1.5) toward(out, line, i, i - 1, reach / back);
    push(out, at(x, i), at(y, i), at(r, i));
    near = ahead > reach * 1.5 ? reach : 0;
    if (near > 0) toward(out, line, i, i + 1, near / ahead);
  }
  return out;
}

/** How far from a corner the lines to it are to be held; 0 where the curve stays near it by itself. */
function reachAt(line: Line, i: number): number {
  if (i === 0 || i === line.x.length - 1) return 0;
  const [off, down] = [8 * leftAt(line.x, i), 8 * leftAt(line.y, i)];
  if (off * off + down * down <= 64 * ROUNDING * ROUNDING) return 0;
  const [to, from] = [directionOf(line, i - 1), directionOf(line, i)];
  const bend = length(to.x - from.x, to.y - from.y);
  return bend === 0 ? 0 : (8 * ROUNDING) / bend;
}

function between({ x, y }: Line, i: number, j: number): number {
  return length(at(x, j) - at(x, i), at(y, j) - at(y, i));
}

/** Several times as fast as `Math.hypot`, which guards against numbers that no page has. */
function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

function toward(out: Line, { x, y, r }: Line, from: number, to: number, share: number): void {
  const mix = (values: readonly number[]): number => at(values, from) + (at(values, to) - at(values, from)) * share;
  push(out, mix(x), mix(y), mix(r));
}

/** Places moved outward by what the curve leaves them at, so that it passes close to the points that were written; not by
 * the trembling of a hand. */
function sharpened({ x, y, r }: Line): Line {
  return { x: x.map((_, i) => at(x, i) + outward(x, i)), y: y.map((_, i) => at(y, i) + outward(y, i)), r };
}

function outward(values: readonly number[], i: number): number {
  if (i === 0 || i === values.length - 1) return 0;
  const off = leftAt(values, i);
  return Math.sign(off) * Math.min(ROUNDING, Math.max(0, Math.abs(off) - TREMBLING));
}

/** How far from a place the curve passes, toward its neighbours. */
function leftAt(values: readonly number[], i: number): number {
  return (2 * at(values, i) - at(values, i - 1) - at(values, i + 1)) / 8;
}

/** Along the left side, round the end, back along the right side, round the beginning. */
function edgeOf(line: Line): Edge {
  const { x, y, r } = line;
  const end = x.length - 1;
  const left: Edge = { x: [], y: [] };
  if (end === 0) arc(left, at(x, 0), at(y, 0), at(r, 0), 0, 2 * Math.PI);
  if (end <= 0) return left;
  const right: Edge = { x: [], y: [] };
  const first = directionOf(line, 0);
  let last = first;
  for (let i = 1; i < end; i += 1) {
    const next = directionOf(line, i);
    bothSides(left, right, at(x, i), at(y, i), at(r, i), last, next);
    last = next;
  }
  const [begins, ends] = [Math.atan2(first.y, first.x), Math.atan2(last.y, last.x)];
  arc(left, at(x, end), at(y, end), at(r, end), ends + Math.PI / 2, ends - Math.PI / 2);
  for (let i = right.x.length - 1; i >= 0; i -= 1) place(left, at(right.x, i), at(right.y, i));
  arc(left, at(x, 0), at(y, 0), at(r, 0), begins - Math.PI / 2, begins - 1.5 * Math.PI);
  return left;
}

/** From a place to the next one; of length 1. */
function directionOf(line: Line, i: number): XY {
  const long = between(line, i, i + 1);
  return { x: (at(line.x, i + 1) - at(line.x, i)) / long, y: (at(line.y, i + 1) - at(line.y, i)) / long };
}

/** The edges beside a place that is come to in one direction and left in another. */
function bothSides(left: Edge, right: Edge, x: number, y: number, r: number, from: XY, to: XY): void {
  const cosine = from.x * to.x + from.y * to.y;
  if (cosine > SHARP) {
    const share = r / Math.sqrt(2 + 2 * cosine);
    const [dx, dy] = [-(from.y + to.y) * share, (from.x + to.x) * share];
    place(left, x + dx, y + dy);
    place(right, x - dx, y - dy);
    return;
  }
  const sine = from.x * to.y - from.y * to.x;
  const turn = Math.atan2(sine, cosine);
  const hand = turn > 0 ? 1 : -1; // the inner side: 1 is the left one
  const [inside, outside] = turn > 0 ? [left, right] : [right, left];
  const begin = Math.atan2(from.y, from.x) - (hand * Math.PI) / 2;
  arc(outside, x, y, r, begin, begin + turn);
  place(inside, x - hand * from.y * r, y + hand * from.x * r);
  place(inside, x, y); // through the middle: what is inside the turn is covered twice, never left out
  place(inside, x - hand * to.y * r, y + hand * to.x * r);
}

function arc(edge: Edge, x: number, y: number, r: number, from: number, to: number): void {
  const largest = Math.min(LARGEST_ANGLE, 2 * Math.sqrt((2 * FLAT) / r));
  const count = Math.max(1, Math.ceil(Math.abs(to - from) / largest));
  for (let i = 0; i <= count; i += 1) {
    const angle = from + ((to - from) * i) / count;
    place(edge, x + r * Math.cos(angle), y + r * Math.sin(angle));
  }
}

function place(edge: Edge, x: number, y: number): void {
  edge.x.push(Math.round(x));
  edge.y.push(Math.round(y));
}

/** Each control is the one before mirrored at the middle between them, which SVG does by itself (`t`); controls are whole
 * steps, so the middles are whole half steps and no error adds up. */
function pathData({ x, y }: Edge): string {
  const count = x.length;
  if (count === 0) return "";
  const by = (from: number, to: number): string => {
    const down = at(y, to % count) - at(y, from);
    return `${String(at(x, to % count) - at(x, from))}${down < 0 ? "" : " "}${String(down)}`;
  };
  const middle = (values: readonly number[]): string => String(at(values, 0) + at(values, 1 % count));
  let data = `M${middle(x)} ${middle(y)}`;
  for (let i = 1; i <= count; i += 1) data += i === 1 ? `q${by(0, 1)} ${by(0, 2)}` : `t${by(i - 1, i + 1)}`;
  return `${data}Z`;
}
