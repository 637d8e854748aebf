/** A database that is opened anew where the system has lost it, as iPadOS does after a tablet has slept. */
/** Errors after which the connection is gone and a new one helps. */
const LOST = new Set(["UnknownError", "InvalidStateError"]);

/** The name of what was thrown; "" where it has none. */
export function nameOf(error: unknown): string {
  return (error as { name?: string } | null | undefined)?.name ?? "";
}

export class Reopening<D extends { close: () => void }> {
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
      if (!LOST.has(nameOf(error))) throw error;
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
