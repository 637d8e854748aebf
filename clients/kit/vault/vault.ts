/** The vault of one person on this device: opened by the server's half, or without network by a code or a passkey. */
import type { Asked } from "./passkey.ts";
import { DeviceKeys, fromBase64, type Half } from "./keys.ts";
import { Lease } from "./lease.ts";
import { Locks, type Tried } from "./locks.ts";
import { VaultStore } from "./store.ts";

/** What the server gives at each start with network. */
export interface Given {
  readonly id: string;
  readonly half: string;
  readonly server_time: string;
}

export class Vault {
  readonly keys: DeviceKeys;
  readonly lease: Lease;
  readonly locks: Locks;
  readonly store: VaultStore;
  #half: Half | null = null;

  constructor(
    readonly person: string,
    names: { vault?: string; keys?: string; rounds?: number } = {},
  ) {
    this.keys = new DeviceKeys(person, names.keys);
    this.lease = new Lease(this.keys);
    this.locks = new Locks(this.keys, names.rounds);
    this.store = new VaultStore(person, names.vault);
  }

  /**
   * Whether the server should renew its half before it gives it: there is no secret here, because this is the first
   * start or because wrong codes destroyed it; then no copy of an older disk shall open with the half of before.
   */
  async wantsFresh(): Promise<boolean> {
    return !(await this.keys.made());
  }

  /** With network: the half that the server gave. Answers whether a code or passkey of before has become useless. */
  async openOnline(given: Given): Promise<boolean> {
    const half = { id: given.id, bytes: fromBase64(given.half) };
    await this.lease.load();
    this.lease.heard(given.server_time);
    const stale = await this.keys.dropStale(half.id);
    await this.#open(half);
    return stale;
  }

  /** Without network. Too many wrong codes destroy the key: papers are fetched anew, unsent notes stay. */
  async openByPin(pin: string): Promise<Tried> {
    const tried = await this.locks.tryPin(pin);
    if (tried.st === "open") await this.#openOffline(tried.half);
    if (tried.st === "shredded") await this.store.forget();
    return tried;
  }

  /** Without network; answers whether it opened. Throws what the browser throws where the person declines. */
  async openByPasskey(): Promise<boolean> {
    const half = await this.locks.tryPasskey();
    if (half) await this.#openOffline(half);
    return half !== null;
  }

  /** Throws InvalidStateError while the half is not known: a lock is set with network, or after opening one. */
  async setPin(pin: string): Promise<void> {
    await this.locks.setPin(pin, this.#known());
  }

  async setPasskey(asked: Asked): Promise<void> {
    await this.locks.setPasskey(this.#known(), asked);
  }

  /** Signed out: key, locks and all that was kept. */
  async forget(): Promise<void> {
    this.close();
    await this.keys.shred();
    await this.store.forget();
  }

  close(): void {
    this.#half?.bytes.fill(0);
    this.#half = null;
    this.store.lock();
  }

  async #openOffline(half: Half): Promise<void> {
    await this.lease.load();
    await this.#open(half);
  }

  async #open(half: Half): Promise<void> {
    await this.store.open(await this.keys.secret(), half.bytes);
    this.#half = half;
  }

  #known(): Half {
    if (!this.#half) throw new DOMException("locked", "InvalidStateError");
    return this.#half;
  }
}
