/** Where in a paper one lands who was led to it: by a hit of a search, by a mark in a list, by the address. */
import type { Anchor, Hit } from "@phien/kit/pdf";
import { onMount, tick } from "svelte";

import { router } from "../../router.ts";
import type { Notebook } from "../annotations/notebook.svelte.ts";
import type { OpenPaper } from "../documents/open.svelte.ts";
import type { Finder } from "./finder.svelte.ts";
import { placeOfHit } from "./hit-place.ts";
import { placeOfMark } from "./mark-place.ts";
import type { Desk } from "./panels.ts";

type Found = Pick<Hit, "page" | "nth">;

/** What landing needs of the screen around it. */
export interface Ground {
  readonly open: OpenPaper;
  readonly notebook: Notebook;
  readonly finder: Finder;
  readonly desk: () => Desk;
  /** The last page of the paper. */
  readonly last: number;
  /** Pages are on screen, not running text. */
  readonly pages: () => boolean;
  readonly jump: (to: Anchor) => void;
}

export class Landing {
  readonly #ground: Ground;
  /** The mark that the address names, until it is gone to. */
  #marked = $state.raw({ page: Number(router.place.query.get("page") ?? 0), mark: router.place.query.get("mark") });
  /** The hit that the address names, until it can be found. */
  #pending = $state.raw<Found | null>(null);

  /** To be made while a component is set up. */
  constructor(ground: Ground) {
    this.#ground = ground;
    onMount(() => { this.#lookForAsked(); });
    $effect(() => { this.#landOnMark(); });
    $effect(() => { this.#landOnHit(); });
  }

  async toHit(hit: Found): Promise<void> {
    const { open, finder, desk, pages, jump } = this.#ground;
    finder.active = hit;
    desk().sheet = null;
    jump(await placeOfHit(pages() ? open.doc : null, open.boxes[hit.page - 1], hit, finder.query));
  }

  /** To a mark that a list of notes has led to. */
  toMark(at: number, id: string | null): void {
    const { open, notebook, desk, jump } = this.#ground;
    desk().asText = false;
    jump(placeOfMark(notebook.marks.find((mark) => mark.id === id), at, open.boxes[at - 1]));
  }

  /** The words that a search in the whole meeting has led here with; the place is gone to once it can be found. */
  #lookForAsked(): void {
    const { query } = router.place;
    const asked = query.get("find");
    if (!asked) return;
    this.#ground.finder.ask(asked);
    const [at, nth] = (query.get("at") ?? "").split(".").map(Number);
    if (at) this.#pending = { page: at, nth: nth ?? 0 };
  }

  #landOnMark(): void {
    const { open, pages, last } = this.#ground;
    if (!(this.#marked.page > 0) || !pages() || open.boxes.length === 0) return;
    const to = this.#marked;
    this.#marked = { page: 0, mark: null };
    void tick().then(() => { this.toMark(Math.min(to.page, last), to.mark); });
  }

  #landOnHit(): void {
    if (!this.#pending || !this.#ground.open.doc || !this.#ground.pages()) return;
    const hit = this.#pending;
    this.#pending = null;
    void this.toHit(hit);
  }
}
