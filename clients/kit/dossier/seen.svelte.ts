/** Which pages of which version were on screen, down to their lower edge; what was not seen to its end is not acted on. */
import { SvelteMap } from "svelte/reactivity";

class Seen {
  readonly #pages = new SvelteMap<string, ReadonlySet<number>>();

  /** Pages of a version that were seen since the app was opened; another version is other bytes. */
  of(version: string): ReadonlySet<number> {
    return this.#pages.get(version) ?? NONE;
  }

  add(version: string, page: number): void {
    const before = this.of(version);
    if (!before.has(page)) this.#pages.set(version, new Set([...before, page]));
  }

  /** Whether the foot of its last page was on screen. */
  toEnd(version: string, pages: number): boolean {
    return this.of(version).has(pages);
  }
}

const NONE: ReadonlySet<number> = new Set();

export const seen = new Seen();
