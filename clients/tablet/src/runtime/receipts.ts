/** Tells the server what this device holds of papers, until it has heard it; and purges what it is told to. */
import type { DeviceHolding, DeviceHolds } from "@phien/wire";

/** What happens within such a time is told at once. */
const SOON_MS = 1_000;
const AGAIN_MS = 15_000;

interface Lying {
  readonly whole: readonly string[];
  readonly part: readonly string[];
}

export interface ReceiptTerms {
  /** What lies on the disk now. */
  readonly lying: () => Promise<Lying>;
  /** To the server. Throws what the network throws. */
  readonly tell: (holds: DeviceHolds) => Promise<DeviceHolding>;
  /** Removes versions, and what hangs on them, from the disk. */
  readonly purge: (versions: readonly string[]) => Promise<void>;
  /** A number that has never been given out on this device, higher than all before. */
  readonly number: () => number;
}

/**
 * One report at a time, each of all that lies here: sent again, after a break or by a later start it says the same, so
 * that a device that was switched off in the middle of a purge finishes it and confirms by itself.
 */
export class Receipts {
  readonly #terms: ReceiptTerms;
  #online = false;
  #told: string | null = null;
  /** How often something was due. */
  #due = 0;
  #running = false;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(terms: ReceiptTerms) {
    this.#terms = terms;
  }

  /** Something has come to lie here, or is gone. */
  changed(): void {
    this.#soon(SOON_MS);
  }

  /** At every connect all is told anew: the server may know what has to leave meanwhile. */
  set network(there: boolean) {
    this.#online = there;
    if (!there) return;
    this.#told = null;
    this.#soon(0);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #soon(after: number): void {
    this.#due++;
    if (this.#closed || !this.#online || this.#running) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { void this.#run(); }, after);
  }

  async #run(): Promise<void> {
    this.#running = true;
    const due = this.#due;
    const again = await this.#report().catch(() => AGAIN_MS);
    this.#running = false;
    if (this.#due !== due) this.#soon(SOON_MS);
    else if (again > 0) this.#soon(again);
  }

  /** Answers after how long it is to be done again, ms; 0 for not by itself. */
  async #report(): Promise<number> {
    const { whole, part } = await this.#terms.lying();
    const said = JSON.stringify([[...whole].sort(), [...part].sort()]);
    if (said === this.#told) return 0;
    const { purge } = await this.#terms.tell({ number: this.#terms.number(), whole: [...whole], part: [...part] });
    this.#told = said;
    if (purge.length === 0) return 0;
    await this.#terms.purge(purge);
    return SOON_MS; // confirms by telling what is left
  }
}

const NUMBER = "phien.told";

/** Rises over all starts and tabs of this device, also where its clock is turned back. */
export function nextNumber(): number {
  let before = 0;
  try {
    before = Number(localStorage.getItem(NUMBER)) || 0;
    const number = Math.max(before + 1, Date.now());
    localStorage.setItem(NUMBER, String(number));
    return number;
  } catch {
    return Math.max(before + 1, Date.now());
  }
}
