/** The way back from a reference: places that were left by a jump, as a browser keeps its pages. Pure. */
import type { Anchor } from "@phien/kit/pdf";

const MOST = 50;

export interface Trail {
  readonly back: readonly Anchor[];
  readonly ahead: readonly Anchor[];
}

export const NO_TRAIL: Trail = { back: [], ahead: [] };

/** One jumped away from `from`. What lay ahead is given up. */
export function jumped(trail: Trail, from: Anchor): Trail {
  const last = trail.back.at(-1);
  // Jumping again without having read in between leaves one place to come back to, not two.
  const back = last && near(last, from) ? trail.back : [...trail.back, from].slice(-MOST);
  return { back, ahead: [] };
}

/** One step back from `here`: where to go, and the trail from there on. Null when there is none. */
export function stepBack(trail: Trail, here: Anchor): { to: Anchor; trail: Trail } | null {
  const to = trail.back.at(-1);
  return to ? { to, trail: { back: trail.back.slice(0, -1), ahead: [...trail.ahead, here] } } : null;
}

/** One step ahead again. */
export function stepAhead(trail: Trail, here: Anchor): { to: Anchor; trail: Trail } | null {
  const to = trail.ahead.at(-1);
  return to ? { to, trail: { back: [...trail.back, here], ahead: trail.ahead.slice(0, -1) } } : null;
}

function near(a: Anchor, b: Anchor): boolean {
  return a.page === b.page && Math.abs(a.fraction - b.fraction) < 0.05;
}
