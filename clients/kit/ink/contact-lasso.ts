/** The lasso: a loop chooses own marks, a touch chooses one; what is chosen is dragged. */
import type { XY } from "../pdf/index.ts";
import type { Body, Mark } from "./body.ts";
import { boundsOf, touches } from "./bounds.ts";
import { type Contact, type Deeds, type Ground, NO_PREVIEW, type Rewriting } from "./ground.ts";
import { hitMarks } from "./hit.ts";
import { around, inLasso, LOOP_PT, movable, moved } from "./lasso.ts";
import type { Sample } from "./pointer.ts";

/** Around what is chosen, a drag begins here too. */
const GRAB_PX = 12;
const TOUCH_PX = 12;

export class LassoContact implements Contact {
  readonly #loop: XY[] = [];
  #dragged: readonly Mark[] | null = null;

  constructor(private readonly ground: Ground, private readonly deeds: Deeds) {}

  extend(samples: readonly Sample[]): void {
    if (this.#loop.length === 0 && samples[0]) this.#begin(this.ground.user(samples[0]));
    this.#loop.push(...samples.map((sample) => this.ground.user(sample)));
    if (!this.#dragged) this.ground.show({ ...NO_PREVIEW, loop: [...this.#loop] });
    else if (this.#far()) this.ground.show({ loop: [], hidden: new Set(this.#dragged.map((mark) => mark.id)), bodies: this.#carried() });
  }

  commit(): void {
    if (!this.#dragged) this.#choose();
    else if (this.#far()) this.deeds.change(rewriting(this.#dragged, this.#carried()));
    else this.deeds.choose([]);
  }

  forget(): void {
    this.ground.show(NO_PREVIEW);
  }

  #begin(at: XY): void {
    const { chosen, box, scale } = this.ground;
    const frame = around(chosen.map((mark) => mark.body), box);
    if (frame && touches(frame, at.x, at.y, GRAB_PX / scale)) this.#dragged = chosen.filter((mark) => movable(mark.body));
  }

  /** Whether it was a drag and no touch. */
  #far(): boolean {
    const box = boundsOf(this.#loop);
    return box !== null && Math.max(box.right - box.left, box.top - box.bottom) * this.ground.scale > LOOP_PT;
  }

  #carried(): Body[] {
    const [from, to] = [this.#loop[0], this.#loop.at(-1)];
    const by = from && to ? { x: to.x - from.x, y: to.y - from.y } : { x: 0, y: 0 };
    return (this.#dragged ?? []).map((mark) => moved(mark.body, by));
  }

  #choose(): void {
    this.ground.show(NO_PREVIEW);
    const { marks, box, scale } = this.ground;
    const [first] = this.#loop;
    if (!first) return;
    const found = this.#far() ? inLasso(marks, this.#loop, box) : hitMarks(marks, first.x, first.y, TOUCH_PX / scale, box).slice(0, 1);
    this.deeds.choose(found.map((mark) => mark.id));
  }
}

/** Marks as they are to be: words change under their id, what never changes goes and comes anew. */
export function rewriting(marks: readonly Mark[], bodies: readonly Body[]): Rewriting {
  const pairs = marks.flatMap((mark, index) => {
    const body = bodies[index];
    return body ? [{ id: mark.id, body, words: body.type === "note" || body.type === "text" }] : [];
  });
  return {
    gone: pairs.filter((pair) => !pair.words).map((pair) => pair.id),
    put: pairs.filter((pair) => !pair.words).map(({ id, body }) => ({ body, of: id })),
    edit: pairs.filter((pair) => pair.words).map(({ id, body }) => ({ id, body })),
  };
}
