/** What a presenter's tablet sends while its reader moves: every page for good, the way there as it goes. No socket. */
import { inPage } from "./stage.ts";

export interface Showing {
  readonly item_id: string;
  readonly version_id: string;
  readonly page: number;
  readonly fraction: number;
}

const SCROLL_MS = 100;
const REST_MS = 700;

export class Presenter {
  #page: string | null = null;
  #last: Showing | null = null;
  #nextScroll = 0;
  #trailing: ReturnType<typeof setTimeout> | null = null;
  #rest: ReturnType<typeof setTimeout> | null = null;

  constructor(
    /** For good: kept by the server for whoever comes late. */
    readonly present: (showing: Showing) => void,
    /** May be lost; at most ten a second. */
    readonly scroll: (showing: Showing) => void,
    readonly clock: () => number = () => performance.now(),
  ) {}

  moved(at: Showing): void {
    const now: Showing = { ...at, fraction: inPage(at.fraction) };
    this.#last = now;
    const page = `${now.version_id}/${now.page}`;
    if (page !== this.#page) {
      this.#page = page;
      this.present(now);
    } else this.#scrolled(now);
    this.#rested();
  }

  stop(): void {
    if (this.#trailing) clearTimeout(this.#trailing);
    if (this.#rest) clearTimeout(this.#rest);
    this.#page = this.#last = this.#trailing = this.#rest = null;
  }

  #scrolled(now: Showing): void {
    const wait = this.#nextScroll - this.clock();
    if (wait <= 0) {
      this.#nextScroll = this.clock() + SCROLL_MS;
      this.scroll(now);
    } else {
      this.#trailing ??= setTimeout(() => {
        this.#trailing = null;
        if (this.#last) this.#scrolled(this.#last);
      }, wait);
    }
  }

  /** Where the reader comes to rest is kept too: who comes late sees the same lines. */
  #rested(): void {
    if (this.#rest) clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#rest = null;
      if (this.#last) this.present(this.#last);
    }, REST_MS);
  }
}
