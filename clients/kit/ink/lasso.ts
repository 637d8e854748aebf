/** Choosing marks by a loop, and what is then done with them: moved or given another colour. Pure. */
import type { PageBox, XY } from "../pdf/geometry.ts";
import type { Body, Mark, Quad } from "./body.ts";
import { boundsOf, type Bounds, pointsOf } from "./bounds.ts";

/** This share of a mark inside the loop is enough: a loop is drawn in haste. */
const ENOUGH = 0.6;
/** A smaller loop is a touch, in points. */
export const LOOP_PT = 8;

/** Whether the place lies inside the closed loop (even-odd rule). */
export function inLoop({ x, y }: XY, loop: readonly XY[]): boolean {
  let inside = false;
  for (const [index, a] of loop.entries()) {
    const b = loop[(index + 1) % loop.length] ?? a;
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside;
  }
  return inside;
}

/** Own marks of which enough lies inside the loop. */
export function inLasso(marks: readonly Mark[], loop: readonly XY[], page: PageBox): Mark[] {
  return marks.filter((mark) => {
    const points = mark.mine ? pointsOf(mark.body, page) : [];
    return points.length > 0 && points.filter((point) => inLoop(point, loop)).length >= points.length * ENOUGH;
  });
}

/** The box around all of them. */
export function around(bodies: readonly Body[], page: PageBox): Bounds | null {
  return boundsOf(bodies.flatMap((body) => pointsOf(body, page)));
}

/** The body elsewhere; differences in points of user space. */
export function moved(body: Body, { x: dx, y: dy }: XY): Body {
  switch (body.type) {
    case "ink": {
      const [x = 0, y = 0, ...rest] = body.pts; // the rest are differences
      return { ...body, pts: [x + Math.round(dx * 100), y + Math.round(dy * 100), ...rest] };
    }
    case "highlight":
      return { ...body, quads: body.quads.map((quad) => quad.map((value, at) => round(value + (at % 2 === 0 ? dx : dy))) as Quad) };
    case "shape":
      return { ...body, x1: round(body.x1 + dx), y1: round(body.y1 + dy), x2: round(body.x2 + dx), y2: round(body.y2 + dy) };
    default:
      return { ...body, x: round(body.x + dx), y: round(body.y + dy) };
  }
}

/** Whether it can be moved: what marks words stays on its words. */
export function movable(body: Body): boolean {
  return body.type !== "highlight";
}

/** The body in another colour; notes have none. */
export function recoloured(body: Body, color: string): Body {
  return body.type === "note" ? body : { ...body, color };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
