/** Looking for words: in the paper on screen, and in all papers of its meeting that one may read. */
import { ApiError } from "@phien/kit/net";
import { type Hit, search, type Searched } from "@phien/kit/pdf";
import type { Paper, Version } from "@phien/wire";

import type { Live } from "../../runtime/live.svelte.ts";
import { meetingPapers } from "../meetings/mine.svelte.ts";
import { keepWords, type PaperWords, wordsOf } from "./words.svelte.ts";

const MOST_OF_A_PAPER = 200;
const MOST_OF_EACH = 4;
const AT_ONCE = 2;

export type Scope = "paper" | "meeting";

export interface Shelf {
  readonly paper: Paper;
  readonly version: Version;
  /** "Nội dung 2". */
  readonly number: string | null;
  readonly pages: readonly string[];
}

export interface PaperHits extends Searched {
  readonly shelf: Shelf;
}

/** Which of the hits is the one gone to; -1 before any was. */
export function indexOf(hits: readonly Hit[], active: Pick<Hit, "page" | "nth"> | null): number {
  return active ? hits.findIndex((hit) => hit.page === active.page && hit.nth === active.nth) : -1;
}

/** The next or last hit seen from the active one, else from the page one is on; around at the ends. */
export function neighbour(hits: readonly Hit[], active: Pick<Hit, "page" | "nth"> | null, page: number, step: 1 | -1): Hit | undefined {
  const at = indexOf(hits, active);
  if (at >= 0) return hits[(at + step + hits.length) % hits.length];
  return step === 1 ? (hits.find((hit) => hit.page >= page) ?? hits[0]) : (hits.findLast((hit) => hit.page <= page) ?? hits.at(-1));
}

/** In the paper on screen. */
export class Finder {
  query = $state("");
  scope = $state<Scope>("paper");
  active = $state.raw<Pick<Hit, "page" | "nth"> | null>(null);
  readonly words: PaperWords;
  readonly result: Searched = $derived.by(() => search(this.words.pages ?? [], this.query, MOST_OF_A_PAPER));

  constructor(words: PaperWords) {
    this.words = words;
  }

  ask(query: string): void {
    this.query = query;
    this.active = null;
    void this.words.load();
  }

  end(): void {
    this.query = "";
    this.active = null;
  }
}

/** In all papers of a meeting. Their words are fetched when it is begun, and live as long as one is signed in. */
export class MeetingFinder {
  query = $state("");
  /** Papers looked through, of `all`. */
  done = $state(0);
  all = $state(0);
  /** Papers whose words could not be fetched now. */
  missing = $state(0);
  #shelves = $state.raw<readonly Shelf[]>([]);
  readonly #app: Live;
  readonly #meeting: () => string;
  #begun = false;
  #run = 0;
  readonly results: readonly PaperHits[] = $derived.by(() =>
    this.#shelves
      .map((shelf) => ({ shelf, ...search(shelf.pages, this.query, MOST_OF_EACH) }))
      .filter((each) => each.total > 0),
  );
  readonly scans: readonly Shelf[] = $derived(this.#shelves.filter((shelf) => shelf.pages.every((text) => text.trim() === "")));
  /** Of how many scanned pages of the meeting the words have been recognised: with each there is more to find. */
  readonly read: number = $derived.by(() =>
    meetingPapers(this.#app, this.#meeting()).flatMap((each) => each.papers).reduce((sum, paper) => sum + (paper.version?.scan?.done ?? 0), 0));

  constructor(app: Live, meeting: () => string) {
    this.#app = app;
    this.#meeting = meeting;
  }

  /** `more`: there may be more words than there were. */
  async begin(number: (paper: Paper) => string | null, more = false): Promise<void> {
    if (this.#begun && !more) return;
    this.#begun = true;
    const run = ++this.#run;
    const papers = meetingPapers(this.#app, this.#meeting()).flatMap((each) => each.papers).filter((paper) => paper.version !== null);
    keepWords(this.#app, papers.flatMap((paper) => paper.version?.id ?? []));
    [this.all, this.done, this.missing] = [papers.length, 0, 0];
    const left = papers.entries();
    const found: (Shelf | undefined)[] = [];
    const work = async (): Promise<void> => {
      for (const [index, paper] of left) {
        found[index] = await this.#take(paper, number(paper));
        if (run !== this.#run) return; // begun anew meanwhile
        this.done += 1;
        this.#shelves = found.filter((each) => each !== undefined);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    // What could not be fetched is tried again when the search is opened the next time.
    this.#begun = this.missing === 0;
  }

  async #take(paper: Paper, number: string | null): Promise<Shelf | undefined> {
    const version = paper.version;
    if (!version) return undefined;
    try {
      return { paper, version, number, pages: (await wordsOf(this.#app, version)).pages };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.missing += 1;
      return undefined;
    }
  }
}
