/** A growing stroke in two parts: pieces that will not change any more, and the tail that is drawn anew. Pure. */
import { boundsOf, type Bounds } from "./bounds.ts";
import type { Point } from "./stroke.ts";

/** The tail is cut when it is this long, so the work of one move does not grow with the stroke. */
export const TAIL = 48;
/** What remains of it: the smoothing of the last few points still depends on those to come. */
const KEEP = 16;
/** A tail begins this far inside the piece before, where the smoothing has forgotten its start. */
const OVERLAP = 8;

export interface Piece {
  readonly points: readonly Point[];
  readonly bounds: Bounds;
}

export class StrokeTail {
  readonly #points: Point[] = [];
  readonly pieces: Piece[] = [];
  #begin = 0;

  add(points: readonly Point[]): void {
    for (const point of points) {
      this.#points.push(point);
      if (this.#points.length - this.#begin >= TAIL) this.#cut();
    }
  }

  /** The part that still changes, with the guess of where the pen is going. */
  tail(ahead: readonly Point[] = []): readonly Point[] {
    return [...this.#points.slice(this.#begin), ...ahead];
  }

  #cut(): void {
    const end = this.#points.length - KEEP;
    const points = this.#points.slice(this.#begin, end);
    const bounds = boundsOf(points);
    if (bounds) this.pieces.push({ points, bounds });
    this.#begin = end - OVERLAP;
  }
}
