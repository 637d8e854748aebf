/** Taps of several fingers at once, told from pinches and strokes. Pure: touches in, the number of fingers out. */
import type { XY } from "./geometry.ts";

export interface Finger extends XY {
  readonly id: number;
}

/** From the first finger down to the last one up. */
const TAP_MS = 350;
/** A finger that strays farther was moving. */
const STRAY_PX = 14;

export class FingerTaps {
  readonly #starts = new Map<number, XY>();
  #since = 0;
  #still = false;

  /** Fingers that are on the glass now, after one came down. */
  down(fingers: readonly Finger[], at: number): void {
    if (fingers.length === 1) {
      this.#starts.clear();
      this.#since = at;
      this.#still = true;
    }
    for (const finger of fingers) if (!this.#starts.has(finger.id)) this.#starts.set(finger.id, finger);
  }

  move(fingers: readonly Finger[]): void {
    for (const { id, x, y } of fingers) {
      const start = this.#starts.get(id);
      if (start && Math.hypot(x - start.x, y - start.y) > STRAY_PX) this.#still = false;
    }
  }

  /** Whether so far it may be a tap of several fingers: nothing is pinched then. */
  get maybe(): boolean {
    return this.#still && this.#starts.size > 1;
  }

  /** `left` fingers are still down; when none is, how many tapped: 0 where it was no tap of several. */
  up(left: number, at: number): number {
    if (left > 0) return 0;
    const count = this.#still && at - this.#since <= TAP_MS ? this.#starts.size : 0;
    this.stop();
    return count > 1 ? count : 0;
  }

  /** What goes on now is no tap. */
  stop(): void {
    this.#starts.clear();
    this.#still = false;
  }
}
