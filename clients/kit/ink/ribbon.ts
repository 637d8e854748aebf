/** The shape of a stored stroke as path data: a band around the few points that are kept of it, round at its ends and where
 * it turns back. A page may carry thousands of strokes, so it is made with plain numbers and written short. */
import type { InkBody } from "./body.ts";
import { THINNING } from "./outline.ts";
import { PathText, Places } from "./places.ts";

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
/** Letters of path data. */
const [MOVE, CURVE, GO_ON, CLOSE, BLANK] = [77, 113, 116, 90, 32];

/** The points as they were written, with what holds the curve at corners, and the two sides of the band. */
const written = new Places();
const held = new Places();
const left = new Places();
const right = new Places();
const text = new PathText();

const made = new WeakMap<InkBody, string>();

/** Path of a stored stroke in units of its own, made once for each body: bodies never change. */
export function inkPath(body: InkBody): string {
  let path = made.get(body);
  if (path === undefined) {
    readLine(body);
    holdCorners();
    sharpen(held.x);
    sharpen(held.y);
    drawEdge();
    path = pathData();
    made.set(body, path);
  }
  return path;
}

function readLine({ pts, w }: InkBody): void {
  written.clear();
  let [x, y, p] = [0, 0, 0];
  let [lastX, lastY] = [Infinity, Infinity];
  for (let i = 0; i + 2 < pts.length; i += 3) {
    x += pts[i] ?? 0;
    y += pts[i + 1] ?? 0;
    p += pts[i + 2] ?? 0;
    if (length(x - lastX, y - lastY) <= SAME) continue;
    written.add(x, y, w * STEPS * (0.5 - THINNING * (0.5 - p / STEPS)));
    [lastX, lastY] = [x, y];
  }
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}

/** Between two long lines the curve would swing wide: places near the corner hold it there. */
function holdCorners(): void {
  const { x, y, r, count } = written;
  held.clear();
  let near = 0; // so far from the place before, the line is already held
  for (let i = 0; i < count; i += 1) {
    const reach = i === 0 || i === count - 1 ? 0 : reachAt(i);
    const [back, ahead] = reach > 0 ? [between(i - 1, i), between(i, i + 1)] : [0, 0];
    if (back - near > reach * 1.5) holdToward(i, i - 1, reach / back);
    held.add(at(x, i), at(y, i), at(r, i));
    near = ahead > reach * 1.5 ? reach : 0;
    if (near > 0) holdToward(i, i + 1, near / ahead);
  }
}

/** How far from a corner the lines to it are to be held; 0 where the curve stays near it by itself. */
function reachAt(i: number): number {
  const { x, y } = written;
  const [off, down] = [8 * leftAt(x, i), 8 * leftAt(y, i)];
  if (off * off + down * down <= 64 * ROUNDING * ROUNDING) return 0;
  const [back, ahead] = [between(i - 1, i), between(i, i + 1)];
  const turnX = (at(x, i) - at(x, i - 1)) / back - (at(x, i + 1) - at(x, i)) / ahead;
  const turnY = (at(y, i) - at(y, i - 1)) / back - (at(y, i + 1) - at(y, i)) / ahead;
  const bend = length(turnX, turnY);
  return bend === 0 ? 0 : (8 * ROUNDING) / bend;
}

function between(i: number, j: number): number {
  return length(at(written.x, j) - at(written.x, i), at(written.y, j) - at(written.y, i));
}

/** Several times as fast as `Math.hypot`, which guards against numbers that no page has. */
function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

function holdToward(from: number, to: number, share: number): void {
  const { x, y, r } = written;
  held.add(mix(x, from, to, share), mix(y, from, to, share), mix(r, from, to, share));
}

function mix(values: Float64Array, from: number, to: number, share: number): number {
  return at(values, from) + (at(values, to) - at(values, from)) * share;
}

/** Moves places outward by what the curve leaves them at, so that it passes close to the points that were written; not by
 * the trembling of a hand. */
function sharpen(values: Float64Array): void {
  let before = at(values, 0);
  for (let i = 1; i < held.count - 1; i += 1) {
    const here = at(values, i);
    const off = (2 * here - before - at(values, i + 1)) / 8;
    values[i] = here + Math.sign(off) * Math.min(ROUNDING, Math.max(0, Math.abs(off) - TREMBLING));
    before = here;
  }
}

/** How far from a place the curve passes, toward its neighbours. */
function leftAt(values: Float64Array, i: number): number {
  return (2 * at(values, i) - at(values, i - 1) - at(values, i + 1)) / 8;
}

/** Along the left side, round the end, back along the right side, round the beginning: all of it in `left`. */
function drawEdge(): void {
  const { x, y, r, count } = held;
  const end = count - 1;
  left.clear();
  right.clear();
  if (end === 0) arc(left, at(x, 0), at(y, 0), at(r, 0), 0, 2 * Math.PI);
  if (end <= 0) return;
  let [fromX, fromY] = [0, 0];
  let begins = 0;
  for (let i = 0; i < end; i += 1) {
    const [acrossX, acrossY] = [at(x, i + 1) - at(x, i), at(y, i + 1) - at(y, i)];
    const long = length(acrossX, acrossY);
    const [toX, toY] = [acrossX / long, acrossY / long];
    if (i === 0) begins = Math.atan2(toY, toX);
    else bothSides(at(x, i), at(y, i), at(r, i), fromX, fromY, toX, toY);
    [fromX, fromY] = [toX, toY];
  }
  const ends = Math.atan2(fromY, fromX);
  arc(left, at(x, end), at(y, end), at(r, end), ends + Math.PI / 2, ends - Math.PI / 2);
  for (let i = right.count - 1; i >= 0; i -= 1) left.add(at(right.x, i), at(right.y, i), 0);
  arc(left, at(x, 0), at(y, 0), at(r, 0), begins - Math.PI / 2, begins - 1.5 * Math.PI);
}

/** The edges beside a place that is come to in one direction and left in another; both are of length 1. */
function bothSides(x: number, y: number, r: number, fromX: number, fromY: number, toX: number, toY: number): void {
  const cosine = fromX * toX + fromY * toY;
  if (cosine > SHARP) {
    const share = r / Math.sqrt(2 + 2 * cosine);
    const [dx, dy] = [-(fromY + toY) * share, (fromX + toX) * share];
    place(left, x + dx, y + dy);
    place(right, x - dx, y - dy);
    return;
  }
  const turn = Math.atan2(fromX * toY - fromY * toX, cosine);
  const hand = turn > 0 ? 1 : -1; // the inner side: 1 is the left one
  const [inside, outside] = turn > 0 ? [left, right] : [right, left];
  const begin = Math.atan2(fromY, fromX) - (hand * Math.PI) / 2;
  arc(outside, x, y, r, begin, begin + turn);
  place(inside, x - hand * fromY * r, y + hand * fromX * r);
  place(inside, x, y); // through the middle: what is inside the turn is covered twice, never left out
  place(inside, x - hand * toY * r, y + hand * toX * r);
}

function arc(edge: Places, x: number, y: number, r: number, from: number, to: number): void {
  const largest = Math.min(LARGEST_ANGLE, 2 * Math.sqrt((2 * FLAT) / r));
  const count = Math.max(1, Math.ceil(Math.abs(to - from) / largest));
  for (let i = 0; i <= count; i += 1) {
    const angle = from + ((to - from) * i) / count;
    place(edge, x + r * Math.cos(angle), y + r * Math.sin(angle));
  }
}

function place(edge: Places, x: number, y: number): void {
  edge.add(Math.round(x), Math.round(y), 0);
}

/** The places of the edge are controls, the curve passes through the middles between them. Each control is the one before
 * mirrored at such a middle, which SVG does by itself (`t`); controls are whole steps, so the middles are whole half steps
 * and no error adds up. */
function pathData(): string {
  const { x, y, count } = left;
  if (count === 0) return "";
  text.clear();
  text.letter(MOVE);
  pair(at(x, 0) + at(x, 1 % count), at(y, 0) + at(y, 1 % count));
  for (let i = 1; i <= count; i += 1) {
    if (i === 1) {
      text.letter(CURVE);
      pair(at(x, 1 % count) - at(x, 0), at(y, 1 % count) - at(y, 0));
      text.letter(BLANK);
    } else text.letter(GO_ON);
    const to = (i + 1) % count;
    pair(at(x, to) - at(x, i - 1), at(y, to) - at(y, i - 1));
  }
  text.letter(CLOSE);
  return text.text();
}

function pair(x: number, y: number): void {
  text.number(x);
  if (y >= 0) text.letter(BLANK);
  text.number(y);
}
