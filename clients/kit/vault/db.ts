/** What this device keeps in IndexedDB: plans of stores, and work in one transaction. */
import { type IDBPDatabase, type IDBPObjectStore, type IDBPTransaction, openDB, unwrap } from "idb";

type Store = IDBPObjectStore<unknown, string[], string, "readwrite">;
type Upgrade = IDBPTransaction<unknown, string[], "versionchange">;

/** How rows lie in a store. */
export interface StorePlan {
  readonly key: string | string[];
  /** Keys are counted by the database. */
  readonly counted?: boolean;
  /** A field by which rows are found beside their key. */
  readonly index?: string;
}

export interface Plan<S> {
  readonly name: string;
  /** Rises whenever `stores` changes: what is not in it any more goes with all its rows. */
  readonly version: number;
  readonly stores: { readonly [N in keyof S]: StorePlan };
  /** "strict": written to the disk itself before it counts as written. */
  readonly durability?: IDBTransactionDurability;
}

export type Key = IDBValidKey;

/** One store inside a transaction. Nothing but its answers may be awaited there: the transaction would end. */
export class Rows<R> {
  constructor(private readonly store: Store) {}

  get(key: Key): Promise<R | undefined> {
    return this.store.get(key) as Promise<R | undefined>;
  }

  /** In the order of their keys. */
  all(range?: IDBKeyRange, most?: number): Promise<R[]> {
    return this.store.getAll(range, most) as Promise<R[]>;
  }

  /** All whose field `index` is this, in the order of their keys. */
  with(index: string, value: Key): Promise<R[]> {
    return this.store.index(index).getAll(value) as Promise<R[]>;
  }

  keys(range?: IDBKeyRange): Promise<Key[]> {
    return this.store.getAllKeys(range);
  }

  put(row: R): Promise<Key> {
    return this.store.put(row);
  }

  /** Fails where there is one under its key. */
  add(row: Partial<R>): Promise<Key> {
    return this.store.add(row);
  }

  delete(which: Key | IDBKeyRange): Promise<void> {
    return this.store.delete(which);
  }
}

/** The stores of a transaction, by name. */
export type Stores<S, N extends keyof S> = { readonly [K in N]: Rows<S[K]> };

/** Transactions under way on this page. */
const underWay = new Set<IDBTransaction>();
/** Ended because the page was put aside: their work did nothing, and may be done again when the page comes back. */
const putAside = new WeakSet<IDBTransaction>();
/** Until the page comes back. */
let away: Promise<void> | null = null;

// Safari freezes a page that one leaves with its transactions open, and every later page waits for them for ever.
if ("addEventListener" in globalThis) addEventListener("pagehide", ({ persisted }) => {
  if (!persisted) return; // the page goes, and what it began may still end well
  away ??= new Promise((resolve) => {
    addEventListener("pageshow", () => { away = null; resolve(); }, { once: true });
  });
  for (const transaction of underWay) {
    putAside.add(transaction);
    abort(transaction);
  }
});

/** A database of stores `S` (name to row); opened when it is first asked. */
export class Database<S> {
  #open: Promise<IDBPDatabase> | null = null;

  constructor(readonly plan: Plan<S>) {}

  /** Reads in one transaction. */
  read<N extends keyof S & string, T>(stores: readonly N[], work: (rows: Stores<S, N>) => Promise<T>): Promise<T> {
    return this.#transact(stores, "readonly", work);
  }

  /** Writes in one transaction: all of it or nothing; done when it is committed. */
  write<N extends keyof S & string, T>(stores: readonly N[], work: (rows: Stores<S, N>) => Promise<T>): Promise<T> {
    return this.#transact(stores, "readwrite", work);
  }

  close(): void {
    this.#open?.then((db) => { db.close(); }, () => undefined);
    this.#open = Promise.reject(new DOMException("closed", "InvalidStateError"));
    this.#open.catch(() => undefined);
  }

  async #transact<N extends keyof S & string, T>(
    stores: readonly N[], mode: "readonly" | "readwrite", work: (rows: Stores<S, N>) => Promise<T>,
  ): Promise<T> {
    const db = await (this.#open ??= opened(this.plan));
    while (away) await away;
    const { durability } = this.plan;
    const names: readonly string[] = stores;
    const transaction = db.transaction(names as string[], mode, durability ? { durability } : {});
    const began = unwrap(transaction);
    underWay.add(began);
    try {
      const named = names.map((name) => [name, new Rows(transaction.objectStore(name) as Store)]);
      const result = await work(Object.fromEntries(named) as Stores<S, N>);
      await transaction.done;
      return result;
    } catch (error) {
      transaction.done.catch(() => undefined);
      abort(transaction);
      if (putAside.has(began)) throw new DOMException("the page was put aside", "InvalidStateError");
      throw transaction.error ?? error; // requests are only told that it ended, not that the disk is full
    } finally {
      underWay.delete(began);
    }
  }
}

/** What was done so far is not done; it may have ended by itself. */
function abort(transaction: { abort: () => void }): void {
  try {
    transaction.abort();
  } catch {
    // it has ended
  }
}

function opened<S>(plan: Plan<S>): Promise<IDBPDatabase> {
  return openDB(plan.name, plan.version, {
    upgrade: (db, _old, _new, transaction) => { lay(db, transaction, plan); },
    blocking: (_current, _wanted, event) => { (event.target as IDBDatabase).close(); }, // another tab has a newer build
  });
}

/** Brings the stores to the plan, whatever build made them. */
function lay<S>(db: IDBPDatabase, transaction: Upgrade, plan: Plan<S>): void {
  const planned = Object.entries<StorePlan>(plan.stores);
  for (const name of db.objectStoreNames) if (!planned.some(([each]) => each === name)) db.deleteObjectStore(name);
  for (const [name, { key, counted = false, index }] of planned) {
    const store = db.objectStoreNames.contains(name) ? transaction.objectStore(name) : db.createObjectStore(name, { keyPath: key, autoIncrement: counted });
    if (index !== undefined && !store.indexNames.contains(index)) store.createIndex(index, index);
  }
}

/** All keys that begin with these parts: an array sorts after every text and number. */
export function span(...parts: string[]): IDBKeyRange {
  return IDBKeyRange.bound(parts, [...parts, []]);
}
