/** The keys that lie on this tablet, read once and again after each change. */
import { keysOf, type StoredKey } from "@phien/kit/keys";

class Stored {
  /** Null until they were read. */
  all = $state.raw<readonly StoredKey[] | null>(null);
  #person = "";

  /** Reads a person's keys; what could not be read is none. */
  async look(person: string): Promise<void> {
    if (person !== this.#person) this.all = null;
    this.#person = person;
    const found = await keysOf(person).catch(() => []);
    if (person === this.#person) this.all = found;
  }
}

export const stored = new Stored();
