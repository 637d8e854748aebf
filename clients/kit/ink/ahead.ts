/** Makes strokes ready to be drawn before they are shown, a little at a time, while the app waits for something else. */
import type { Body, InkBody } from "./body.ts";
import { inkPath } from "./ribbon.ts";

/** A slice is shorter than half a frame: what comes meanwhile is not kept waiting. */
const SLICE_MS = 6;

export class Ahead {
  readonly #due: InkBody[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  add(bodies: readonly Body[]): void {
    for (const body of bodies) if (body.type === "ink") this.#due.push(body);
    this.#slice(); // what comes next is on its way
  }

  /** Forgets what is left: it is drawn now, or never. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#due.length = 0;
  }

  readonly #slice = (): void => {
    if (this.#timer) clearTimeout(this.#timer);
    const until = performance.now() + SLICE_MS;
    for (let body = this.#due.shift(); body; body = this.#due.shift()) {
      inkPath(body);
      if (performance.now() >= until) break;
    }
    this.#timer = this.#due.length > 0 ? setTimeout(this.#slice) : null;
  };
}
