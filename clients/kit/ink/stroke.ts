/** The centre line of a stroke: simplified, coded as small integers, and read back. */

/** x and y in points, pressure 0 to 1. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly p: number;
}

type Place = Pick<Point, "x" | "y">;

/** Steps per point of length, and per unit of pressure. */
const LENGTH_STEPS = 100;
const PRESSURE_STEPS = 100;
const SPAN = 500;
const TOLERANCE_PT = 0.3;
/** A change of pressure as visible as the length tolerance: a tenth of it moves the edge of a 3 pt pen by 0.15 pt. */
const TOLERANCE_PRESSURE = 0.1;

/** `[x0, y0, p0, dx, dy, dp, …]`: hundredths of a point and of full pressure, each after the first as difference. */
export function encodePoints(points: readonly Point[]): number[] {
  const coded: number[] = [];
  let [lastX, lastY, lastP] = [0, 0, 0];
  for (const point of points) {
    // Differences of rounded values: rounding errors never add up along the stroke.
    const x = Math.round(point.x * LENGTH_STEPS);
    const y = Math.round(point.y * LENGTH_STEPS);
    const p = Math.round(Math.min(1, Math.max(0, point.p)) * PRESSURE_STEPS);
    coded.push(x - lastX, y - lastY, p - lastP);
    [lastX, lastY, lastP] = [x, y, p];
  }
  return coded;
}

/** The points of a coded stroke; an incomplete last point is left out. */
export function decodePoints(coded: readonly number[]): Point[] {
  const points: Point[] = [];
  let [x, y, p] = [0, 0, 0];
  for (let at = 0; at + 2 < coded.length; at += 3) {
    x += coded[at] ?? 0;
    y += coded[at + 1] ?? 0;
    p += coded[at + 2] ?? 0;
    points.push({ x: x / LENGTH_STEPS, y: y / LENGTH_STEPS, p: p / PRESSURE_STEPS });
  }
  return points;
}

/** Distance of (x, y) from the segment a–b. */
export function distanceToSegment(x: number, y: number, a: Place, b: Place): number {
  const t = along(x, y, a, b);
  return Math.hypot(x - a.x - t * (b.x - a.x), y - a.y - t * (b.y - a.y));
}

/** Where on a–b (0 to 1) the point nearest to (x, y) lies. */
function along(x: number, y: number, a: Place, b: Place): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const square = dx * dx + dy * dy;
  return square === 0 ? 0 : Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / square));
}

/** How far a point is from what the segment a–b would draw there, in units of the tolerances. */
function error(point: Point, a: Point, b: Point): number {
  const t = along(point.x, point.y, a, b);
  const pressure = Math.abs(point.p - a.p - t * (b.p - a.p));
  return Math.max(distanceToSegment(point.x, point.y, a, b) / TOLERANCE_PT, pressure / TOLERANCE_PRESSURE);
}

/** Leaves out points that change neither line nor width visibly (Ramer–Douglas–Peucker). Ends always stay, and so does
 * a point of every `SPAN`: a scribble would otherwise cost the square of its length. */
export function simplify(points: readonly Point[]): Point[] {
  const end = points.length - 1;
  const keep = new Set([0, end]);
  const open: [number, number][] = [];
  for (let from = 0; from < end; from += SPAN) {
    const to = Math.min(from + SPAN, end);
    keep.add(to);
    open.push([from, to]);
  }
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to] = span;
    const worst = worstBetween(points, from, to);
    if (worst === null) continue;
    keep.add(worst);
    open.push([from, worst], [worst, to]);
  }
  return points.filter((_, index) => keep.has(index));
}

function worstBetween(points: readonly Point[], from: number, to: number): number | null {
  const [a, b] = [points[from], points[to]];
  if (!a || !b) return null;
  let [worst, most] = [-1, 1];
  for (let index = from + 1; index < to; index += 1) {
    const point = points[index];
    const off = point ? error(point, a, b) : 0;
    if (off > most) [worst, most] = [index, off];
  }
  return worst < 0 ? null : worst;
}
