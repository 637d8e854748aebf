/** Where a paper is being read: places gone to, the way back from a jump, what a presenter's tablet tells of it. */
import type { Anchor } from "@phien/kit/pdf";

import { rememberPlace } from "../documents/place.ts";
import type { Following } from "../live/following.svelte.ts";
import type { Presenter } from "../live/presenter.ts";
import type { Desk } from "./panels.ts";
import { jumped, stepAhead, stepBack } from "./trail.ts";

export interface Read {
  readonly paper: string;
  readonly item: string;
  readonly version: string;
}

/** The pages, or the running text, that stand on screen now. */
export interface Shown {
  readonly goTo: (to: Anchor) => void;
  readonly anchor: () => Anchor | undefined;
}

/** What the way needs of the screen around it. */
export interface Around {
  readonly desk: () => Desk;
  readonly following: () => Following;
  readonly presenter: Presenter;
  readonly presents: () => boolean;
  readonly shown: () => Shown | undefined;
}

export class Way {
  /** The last place that is known; where nothing is laid out yet, the one to begin with. */
  place = $state.raw<Anchor>({ page: 1, fraction: 0 });
  readonly #read: Read;
  readonly #around: Around;

  constructor(read: Read, start: Anchor, around: Around) {
    this.#read = read;
    this.#around = around;
    this.place = start;
  }

  /** Brings a place on screen, in whichever form the paper is read. */
  show(to: Anchor): void {
    this.place = { page: to.page, fraction: to.fraction };
    this.#around.shown()?.goTo(to);
  }

  here(): Anchor {
    return this.#around.shown()?.anchor() ?? this.place;
  }

  /** The place on screen is kept, and told where one presents. */
  moved(): void {
    this.moveTo(this.here());
  }

  moveTo(at: Anchor): void {
    const { paper, item, version } = this.#read;
    this.place = at;
    rememberPlace(paper, { ...at, version });
    if (this.#around.presents()) this.#around.presenter.moved({ item_id: item, version_id: version, page: at.page, fraction: at.fraction });
  }

  byHand(at: Anchor): void {
    this.#around.following().breakAway();
    this.moveTo(at);
  }

  /** A jump by one's own hand: there is a way back from it. */
  jump(to: Anchor): void {
    this.#around.following().breakAway();
    const desk = this.#around.desk();
    desk.trail = jumped(desk.trail, this.here());
    this.show(to);
    this.moved();
  }

  step(by: "back" | "ahead"): void {
    const desk = this.#around.desk();
    const next = by === "back" ? stepBack(desk.trail, this.here()) : stepAhead(desk.trail, this.here());
    if (!next) return;
    this.#around.following().breakAway();
    desk.trail = next.trail;
    this.show(next.to);
    this.moved();
  }
}
