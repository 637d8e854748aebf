/** Keys of this machine in IndexedDB: one row a key, by the fingerprint of its public half. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";

import { fingerprintOf, newPair } from "./request.ts";

const NAME = "phien-signing";

export interface StoredKey {
  readonly fingerprint: string;
  readonly person: string;
  readonly pair: CryptoKeyPair;
}

interface Kept extends DBSchema {
  keys: { key: string; value: StoredKey };
}

async function within<T>(work: (db: IDBPDatabase<Kept>) => Promise<T>): Promise<T> {
  const db = await openDB<Kept>(NAME, 1, { upgrade: (fresh) => { fresh.createObjectStore("keys", { keyPath: "fingerprint" }); } });
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

/** A new key of a person, on disk before anybody is told of it: a certificate without its key would be of no use. */
export async function makeKey(person: string): Promise<StoredKey> {
  const pair = await newPair();
  const made: StoredKey = { fingerprint: await fingerprintOf(pair), person, pair };
  await within((db) => db.put("keys", made));
  return made;
}

/** A person's keys on this machine. */
export async function keysOf(person: string): Promise<StoredKey[]> {
  const all = await within((db) => db.getAll("keys"));
  return all.filter((key) => key.person === person);
}

/** Forgets keys that will never sign again. */
export async function dropKeys(fingerprints: readonly string[]): Promise<void> {
  await within(async (db) => {
    await Promise.all(fingerprints.map((each) => db.delete("keys", each)));
  });
}
