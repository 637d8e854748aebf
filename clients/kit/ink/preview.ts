/** Strokes, figures and words of a presenter while they are made, until the stored ones take their place. No clock of its own. */
import type { ShapeBody, TextBody } from "./body.ts";
import { decodePoints, type Point } from "./stroke.ts";

/** A stroke of which nothing more is heard has been dropped, or its end was lost. */
export const FORGET_MS = 4_000;

export interface StrokeFrame {
  readonly stroke: string;
  readonly version_id: string;
  readonly page: number;
  readonly color: string;
  readonly w: number;
  readonly marker: boolean;
  /** The first triple absolute, the rest differences. */
  readonly pts: readonly number[];
  /** How many points came in earlier frames. */
  readonly after: number;
  /** Under which id the stroke is stored now; "": it was dropped; null: it goes on. */
  readonly ann_id: string | null;
  /** A figure or words as they stand now, without points; null or not said: as they were. */
  readonly figure?: Figure | null;
}

/** What is shown as a whole while it is made. */
export type Figure = ShapeBody | TextBody;

export interface PreviewStroke extends Omit<StrokeFrame, "pts" | "after"> {
  readonly points: readonly Point[];
}

export class Previews {
  readonly #strokes = new Map<string, { shown: PreviewStroke; at: number }>();

  /** Takes a frame that came at `now` (ms). Who hears of a stroke in its middle sees the finished one alone; what was
   * lost on the way is bridged. A figure is seen by whoever hears of it. */
  take(frame: StrokeFrame, now: number): void {
    const { pts, after, ...rest } = frame;
    const before = this.#strokes.get(frame.stroke);
    if (!before && after > 0) return;
    const points = [...(before?.shown.points ?? []), ...decodePoints(pts)];
    const figure = frame.figure ?? before?.shown.figure ?? null;
    this.#strokes.set(frame.stroke, { shown: { ...rest, points, figure }, at: now });
  }

  /** What is seen at `now`: without what is `stored`, dropped, or silent for too long. */
  at(now: number, stored: (id: string) => boolean): PreviewStroke[] {
    for (const [id, { shown, at }] of this.#strokes) {
      const done = shown.ann_id !== null && (shown.ann_id === "" || stored(shown.ann_id));
      if (done || now - at > FORGET_MS) this.#strokes.delete(id);
    }
    return [...this.#strokes.values()].map(({ shown }) => shown);
  }

  get empty(): boolean {
    return this.#strokes.size === 0;
  }
}
