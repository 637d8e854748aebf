/** The eraser: whole marks, or the part of strokes that it passes over. */
import type { XY } from "../pdf/index.ts";
import type { InkBody, Mark } from "./body.ts";
import { type Contact, type Deeds, type Ground, NO_PREVIEW, type Setting } from "./ground.ts";
import { cutInk } from "./cut.ts";
import { hitMarks } from "./hit.ts";
import type { Sample } from "./pointer.ts";

const RADIUS_PX = 10;

export class EraserContact implements Contact {
  #last: XY | null = null;
  readonly #gone = new Set<string>();
  /** What remains of strokes that were cut. */
  readonly #left = new Map<string, InkBody[]>();

  constructor(private readonly setting: Setting, private readonly ground: Ground, private readonly deeds: Deeds) {}

  extend(samples: readonly Sample[]): void {
    const radius = RADIUS_PX / this.ground.scale;
    for (const sample of samples) {
      const to = this.ground.user(sample);
      for (const at of path(this.#last ?? to, to, radius)) this.#touch(at, radius);
      this.#last = to;
    }
    this.ground.show({ ...NO_PREVIEW, hidden: new Set(this.#gone), bodies: [...this.#left.values()].flat() });
  }

  commit(): void {
    if (this.#gone.size > 0) this.deeds.change({ gone: [...this.#gone], put: this.#pieces(), edit: [] });
    else this.ground.show(NO_PREVIEW);
  }

  #pieces(): { body: InkBody; of: string }[] {
    return [...this.#left].flatMap(([of, bodies]) => bodies.map((body) => ({ body, of })));
  }

  forget(): void {
    this.ground.show(NO_PREVIEW);
  }

  #touch(at: XY, radius: number): void {
    const marks = this.ground.marks.filter((mark) => !this.#gone.has(mark.id));
    for (const mark of hitMarks(marks, at.x, at.y, radius, this.ground.box)) {
      if (this.setting.partial && mark.body.type === "ink") this.#cut(mark, [mark.body], at, radius);
      else this.#gone.add(mark.id);
    }
    for (const [id, pieces] of this.#left) this.#left.set(id, pieces.flatMap((piece) => cutInk(piece, at, radius) ?? [piece]));
  }

  #cut(mark: Mark, pieces: InkBody[], at: XY, radius: number): void {
    const left = pieces.flatMap((piece) => cutInk(piece, at, radius) ?? [piece]);
    if (left.length === 1 && left[0] === pieces[0]) return;
    this.#gone.add(mark.id);
    this.#left.set(mark.id, left);
  }
}

/** Places on the way, near enough that nothing between them is passed over. */
function path(from: XY, to: XY, step: number): XY[] {
  const count = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / step));
  return Array.from({ length: count }, (_, index) => {
    const share = (index + 1) / count;
    return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
  });
}
