/** Whether this tablet follows the presenter of an item: begun by a tap, broken by the reader's own hand. */
import type { Followers } from "@phien/wire";

import type { Live } from "../../runtime/live.svelte.ts";
import { type Stage, stageOf } from "./stage.ts";

/** A place to go to in the paper on screen. */
export interface Target {
  readonly version: string;
  readonly page: number;
  readonly fraction: number;
}

export class Following {
  on = $state(false);
  /** How many follow, of how many present; null until the server has told. */
  count = $state.raw<Followers | null>(null);
  /** Set by the paper on screen: goes to where the presenter is. */
  goTo: (target: Target) => void = () => undefined;
  readonly #app: Live;
  readonly #item: () => string;
  readonly stage: Stage = $derived.by(() => {
    const item = this.#item();
    const presenting = this.#app.stream(`i:${item}`).get("presenting", item);
    return stageOf(this.#app.stream(`m:${this.#meeting()}`).get("meeting", this.#meeting()), item, presenting);
  });
  readonly #meeting: () => string;
  readonly #follows = $derived(this.on && this.stage.shown !== null);

  /** To be made while a component is set up; ends with it. */
  constructor(app: Live, meeting: () => string, item: () => string, begin: boolean) {
    this.#app = app;
    this.#meeting = meeting;
    this.#item = item;
    this.on = begin;
    const { connection } = app.runtime;
    $effect(() => {
      const stops = [
        connection.on("live.followers", (count) => { if (count.item_id === item()) this.count = count; }),
        connection.on("live.scrolled", (at) => {
          if (this.on && at.item_id === item()) this.goTo({ version: at.version_id, page: at.page, fraction: at.fraction });
        }),
      ];
      return () => { for (const stop of stops) stop(); };
    });
    // The server counts who follows; told again after each reconnect.
    $effect(() => {
      const item_id = item();
      if (!app.online || !this.#follows) return;
      const tell = (following: boolean): void => { connection.ask("live.follow", { item_id, following }).catch(() => undefined); };
      tell(true);
      return () => { tell(false); };
    });
    $effect(() => {
      const { shown } = this.stage;
      if (this.on && shown) this.goTo(shown);
    });
  }

  begin(): void {
    this.on = true;
  }

  /** The reader's own hand moved the page. */
  breakAway(): void {
    this.on = false;
  }
}
