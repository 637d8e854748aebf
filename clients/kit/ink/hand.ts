/** The one hand of this window: whichever page it is on, one pointer draws, and what it does goes to that page. */
import { drawState, type DrawState, type Effect, type FingerRule, pointer, type PointerInput } from "./pointer.ts";

/** A page that can be written on. */
export interface Holder {
  act(effect: Effect): void;
}

export class Hand {
  #state: DrawState = drawState();
  #holder: Holder | null = null;

  /** Whether something is being drawn. */
  get busy(): boolean {
    return this.#state.active !== null;
  }

  /** Whether this pointer draws. */
  draws(id: number): boolean {
    return this.#state.active?.id === id;
  }

  /** One pointer event on a page; answers whether it belongs to the drawing. Another page's stroke may end by it. */
  handle(page: Holder, input: PointerInput, fingers: FingerRule, penSeen: boolean): boolean {
    const outcome = pointer({ ...this.#state, fingers, penSeen }, input);
    this.#state = outcome.state;
    for (const effect of outcome.effects) {
      if (effect.do === "begin") this.#holder = page;
      this.#holder?.act(effect);
    }
    if (!this.busy) this.#holder = null;
    return outcome.taken;
  }

  /** The page goes: what is drawn on it so far is kept. */
  leave(page: Holder): void {
    if (this.#holder !== page) return;
    page.act({ do: "commit" });
    this.#state = { ...this.#state, active: null };
    this.#holder = null;
  }
}

/** Pages share it: a second finger on the next page is still the second finger. */
export const hand = new Hand();
