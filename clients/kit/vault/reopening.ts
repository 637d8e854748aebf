/** A database that is opened anew where the system has lost it, as iPadOS does after a tablet has slept. */
import type Dexie from "dexie";

/** Errors after which the connection is gone and a new one helps. */
const LOST = new Set(["UnknownError", "InvalidStateError", "DatabaseClosedError"]);

/** The names of an error and of those it was made of: the browser's own lies inside the library's. */
export function namesOf(error: unknown): string[] {
  const names: string[] = [];
  for (let at = error as { name?: string; inner?: unknown } | null | undefined; at && names.length < 5; at = at.inner as typeof at) {
    if (at.name) names.push(at.name);
  }
  return names;
}

export class Reopening<D extends Dexie> {
  #db: D | null = null;
  readonly #make: () => D;

  constructor(make: () => D) {
    this.#make = make;
  }

  /** Does the work; once more over a new connection where the old one was lost. */
  async use<T>(work: (db: D) => PromiseLike<T>): Promise<T> {
    const db = (this.#db ??= this.#make());
    try {
      return await work(db);
    } catch (error) {
      if (!namesOf(error).some((name) => LOST.has(name))) throw error;
      if (this.#db === db) { // others that failed with it find the new one
        db.close();
        this.#db = this.#make();
      }
      return work(this.#db);
    }
  }

  close(): void {
    this.#db?.close();
    this.#db = null;
  }
}
