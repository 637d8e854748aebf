/** What the holder of this tablet has said about fetching papers ahead; kept over starts. */
import { SvelteSet } from "svelte/reactivity";

const KEY = "phien.fetch";

interface Kept {
  asked: string[];
  paused: string[];
}

class SaidHere {
  readonly asked = new SvelteSet<string>();
  readonly paused = new SvelteSet<string>();

  constructor() {
    const kept = read();
    for (const id of kept.asked) this.asked.add(id);
    for (const id of kept.paused) this.paused.add(id);
  }

  /** Fetch this meeting's papers, now and when new ones come. */
  fetch(meeting: string): void {
    this.asked.add(meeting);
    this.paused.delete(meeting);
    this.#keep();
  }

  pause(meeting: string): void {
    this.paused.add(meeting);
    this.#keep();
  }

  #keep(): void {
    // Of long ago nothing is needed: the last hundred are more than anybody has before them.
    const last = (set: ReadonlySet<string>): string[] => [...set].slice(-100);
    try {
      localStorage.setItem(KEY, JSON.stringify({ asked: last(this.asked), paused: last(this.paused) }));
    } catch {
      // said for this start only
    }
  }
}

function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Kept>;
    return { asked: kept.asked ?? [], paused: kept.paused ?? [] };
  } catch {
    return { asked: [], paused: [] };
  }
}

export const said = new SaidHere();
