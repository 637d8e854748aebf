/** IndexedDB by promises, as much of it as this device needs: plans of stores, and work in one transaction. */

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
  constructor(private readonly store: IDBObjectStore) {}

  get(key: Key): Promise<R | undefined> {
    return answered(this.store.get(key) as IDBRequest<R | undefined>);
  }

  /** In the order of their keys. */
  all(range?: IDBKeyRange, most?: number): Promise<R[]> {
    return answered(this.store.getAll(range, most) as IDBRequest<R[]>);
  }

  /** All whose field `index` is this, in the order of their keys. */
  with(index: string, value: Key): Promise<R[]> {
    return answered(this.store.index(index).getAll(value) as IDBRequest<R[]>);
  }

  keys(range?: IDBKeyRange): Promise<Key[]> {
    return answered(this.store.getAllKeys(range));
  }

  put(row: R): Promise<Key> {
    return answered(this.store.put(row));
  }

  /** Fails where there is one under its key. */
  add(row: Partial<R>): Promise<Key> {
    return answered(this.store.add(row));
  }

  async delete(which: Key | IDBKeyRange): Promise<void> {
    await answered(this.store.delete(which));
  }
}

/** The stores of a transaction, by name. */
export type Stores<S, N extends keyof S> = { readonly [K in N]: Rows<S[K]> };

/** A database of stores `S` (name to row); opened when it is first asked. */
export class Database<S> {
  #open: Promise<IDBDatabase> | null = null;

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
    stores: readonly N[], mode: IDBTransactionMode, work: (rows: Stores<S, N>) => Promise<T>,
  ): Promise<T> {
    const db = await (this.#open ??= opened(this.plan));
    const { durability } = this.plan;
    const transaction = db.transaction(stores, mode, durability ? { durability } : {});
    const end = ended(transaction);
    try {
      const result = await work(Object.fromEntries(stores.map((name) => [name, new Rows(transaction.objectStore(name))])) as Stores<S, N>);
      await end;
      return result;
    } catch (error) {
      end.catch(() => undefined);
      abort(transaction);
      throw transaction.error ?? error; // requests are only told that it ended, not that the disk is full
    }
  }
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => { resolve(request.result); };
    request.onerror = () => { reject(failure(request.error)); };
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => { resolve(); };
    transaction.onabort = () => { reject(failure(transaction.error)); };
  });
}

function failure(error: DOMException | null): Error {
  return error ?? new DOMException("the transaction was aborted", "AbortError");
}

/** What was done so far is not done; it may have ended by itself. */
function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // it has ended
  }
}

function opened<S>(plan: Plan<S>): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(plan.name, plan.version);
    request.onupgradeneeded = () => { if (request.transaction) lay(request.result, request.transaction, plan); };
    request.onerror = () => { reject(failure(request.error)); };
    request.onsuccess = () => {
      const db = request.result;
      db.onversionchange = () => { db.close(); }; // another tab has a newer build
      resolve(db);
    };
  });
}

/** Brings the stores to the plan, whatever build made them. */
function lay<S>(db: IDBDatabase, transaction: IDBTransaction, plan: Plan<S>): void {
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
