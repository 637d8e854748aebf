/** Who is served next: the engine has one worker, so what the reader looks at goes before what lies around it. */

/** 0: a page in the window, served at once; the rest one at a time while nothing else runs, the lowest first. */
export type Rank = 0 | 1 | 2 | 3;

interface Waiting {
  readonly rank: () => Rank;
  readonly go: () => void;
}

export class Turns {
  #waiting: Waiting[] = [];
  #running = 0;

  /**
   * Resolves when it is one's turn, with what ends it; giving up ends it too, since work on a document that was closed
   * meanwhile may never come back. `rank` is asked anew each time somebody is chosen.
   */
  async take(rank: () => Rank, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    let held = false;
    const end = (): void => {
      if (!held) return;
      held = false;
      this.#running -= 1;
      this.look();
    };
    await new Promise<void>((resolve, reject) => {
      const one = { rank, go: () => { held = true; resolve(); } };
      this.#waiting.push(one);
      signal.addEventListener("abort", () => {
        this.#waiting = this.#waiting.filter((each) => each !== one);
        end();
        reject(signal.reason as Error);
      }, { once: true });
      this.look();
    });
    return end;
  }

  /** A rank may have changed: who waits is looked through again. */
  look(): void {
    for (const one of this.#waiting.filter((each) => each.rank() === 0)) this.#start(one);
    if (this.#running > 0) return;
    const [next] = this.#waiting.toSorted((a, b) => a.rank() - b.rank());
    if (next) this.#start(next);
  }

  #start(one: Waiting): void {
    this.#waiting = this.#waiting.filter((each) => each !== one);
    this.#running += 1;
    one.go();
  }
}

/** All pages of all papers on screen share the engine's worker. */
export const turns = new Turns();
