/** What is volatile of a presenter on this screen: laser and strokes under way, redrawn while there is something to see. */
import { Laser, type LaserShown, Previews, type PreviewStroke } from "@phien/kit/ink";
import type { XY } from "@phien/kit/pdf";

import type { Live } from "../../runtime/live.svelte.ts";

export class Theatre {
  /** Of the version on screen. */
  laser = $state.raw<LaserShown | null>(null);
  strokes = $state.raw<readonly PreviewStroke[]>([]);
  readonly #laser = new Laser();
  readonly #previews = new Previews();
  readonly #stored: (id: string) => boolean;
  #frame = 0;

  /** To be made while a component is set up; ends with it. `stored`: a mark of this id is on the page already. */
  constructor(app: Live, item: string, version: string, stored: (id: string) => boolean) {
    this.#stored = stored;
    const { connection } = app.runtime;
    $effect(() => {
      const stops = [
        connection.on("live.pointed", (at) => { if (at.item_id === item && at.version_id === version) this.point(at); }),
        connection.on("live.drawn", (frame) => {
          if (frame.item_id !== item || frame.version_id !== version) return;
          this.#previews.take(frame, performance.now());
          this.#wake();
        }),
      ];
      return () => {
        for (const stop of stops) stop();
        cancelAnimationFrame(this.#frame);
      };
    });
  }

  /** The laser, others' or one's own. */
  point(place: XY & { readonly page: number; readonly on: boolean }): void {
    this.#laser.take(place, performance.now());
    this.#wake();
  }

  #wake(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const now = performance.now();
      this.laser = this.#laser.at(now);
      this.strokes = this.#previews.at(now, this.#stored);
      if (this.laser || !this.#previews.empty) this.#wake();
    });
  }
}
