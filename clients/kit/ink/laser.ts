/** The laser of a presenter as others see it: a dot with a short trail that fades. Nothing of it is kept. No clock of its own. */
import type { XY } from "../pdf/index.ts";

/** How long a place of the trail is seen, and after how long without a word the laser counts as lifted. */
export const TRAIL_MS = 600;
export const SILENT_MS = 1_500;

export interface LaserPlace extends XY {
  /** 1 while fresh, 0 when it has faded. */
  readonly strength: number;
}

export interface LaserShown {
  readonly page: number;
  /** Oldest first. */
  readonly trail: readonly LaserPlace[];
  /** Where it points now; null once it is lifted. */
  readonly dot: XY | null;
}

interface Heard extends XY {
  readonly page: number;
  readonly at: number;
}

export class Laser {
  #heard: readonly Heard[] = [];
  #lifted = true;

  /** What came at `now` (ms). Another page begins another trail. */
  take(place: XY & { readonly page: number; readonly on: boolean }, now: number): void {
    this.#lifted = !place.on;
    if (!place.on) return;
    const same = this.#heard.filter((each) => each.page === place.page && now - each.at < TRAIL_MS);
    this.#heard = [...same, { page: place.page, x: place.x, y: place.y, at: now }];
  }

  /** What is seen at `now`; null when there is nothing any more. */
  at(now: number): LaserShown | null {
    const last = this.#heard.at(-1);
    if (!last) return null;
    const on = !this.#lifted && now - last.at < SILENT_MS;
    const trail = this.#heard.filter((each) => now - each.at < TRAIL_MS)
      .map(({ x, y, at }) => ({ x, y, strength: 1 - (now - at) / TRAIL_MS }));
    if (!on && trail.length === 0) {
      this.#heard = [];
      return null;
    }
    return { page: last.page, trail, dot: on ? { x: last.x, y: last.y } : null };
  }
}
