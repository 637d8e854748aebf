/** For how long papers open without network: by a clock that turning back the tablet's own does not slow. */
import type { DeviceKeys } from "./keys.ts";

const HOUR_MS = 3_600_000;
/** What is on disk lags at most this far behind. */
const KEEP_MS = 60_000;

interface Times {
  /** Of this device, ms. */
  wall: () => number;
  /** Only forwards while the app runs, ms. */
  steady: () => number;
}

const DEVICE: Times = { wall: () => Date.now(), steady: () => performance.now() };

export class Lease {
  readonly #keys: Pick<DeviceKeys, "clock" | "putClock">;
  readonly #times: Times;
  #renewed = 0;
  #latest = 0;
  /** When `#latest` was right, by the steady clock. */
  #since: number;
  #kept = -Infinity;

  constructor(keys: Pick<DeviceKeys, "clock" | "putClock">, times: Times = DEVICE) {
    this.#keys = keys;
    this.#times = times;
    this.#since = times.steady();
  }

  /** Learns what an earlier session knew. */
  async load(): Promise<void> {
    const row = await this.#keys.clock().catch(() => undefined);
    if (!row || row.renewed <= this.#renewed) return;
    this.#renewed = row.renewed;
    this.#set(row.latest);
  }

  /** The server was heard and said what time it is: all leases begin anew. Sets right a clock that ran ahead. */
  heard(serverTime: string): void {
    const at = Date.parse(serverTime);
    if (!Number.isFinite(at) || at <= 0) return;
    this.#renewed = at;
    this.#set(at);
    this.#keep();
  }

  /** The server is still heard, though it said no time. */
  still(): void {
    if (this.#renewed > 0) this.heard(new Date(this.#latest + this.#times.steady() - this.#since).toISOString());
  }

  /** Now, ms: the later of the tablet's clock and of what the server's must be by now. */
  now(): number {
    const now = Math.max(this.#times.wall(), this.#latest + this.#times.steady() - this.#since);
    if (this.#renewed > 0 && now - this.#kept > KEEP_MS) {
      this.#set(now);
      this.#keep();
    }
    return now;
  }

  /** When papers with a lease of so many hours close, ms. */
  until(hours: number): number {
    return this.#renewed + hours * HOUR_MS;
  }

  allows(hours: number): boolean {
    return this.now() < this.until(hours);
  }

  #set(latest: number): void {
    this.#latest = latest;
    this.#since = this.#times.steady();
  }

  #keep(): void {
    if (Math.abs(this.#latest - this.#kept) < KEEP_MS) return;
    this.#kept = this.#latest;
    void this.#keys.putClock({ renewed: this.#renewed, latest: this.#latest }).catch(() => undefined);
  }
}
