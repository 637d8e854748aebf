/** What is said of a paper that is fetched and kept: which bytes, how much of them is here, where they come from. */
import type { BesideSource } from "./beside.ts";
import type { Lease } from "./lease.ts";
import { type About, CHUNK_BYTES } from "./store.ts";

/** What is asked of the server at once, also the most that it answers from memory; kept in chunks of 64 KiB. */
export const BLOCK_BYTES = 262_144;

/** A paper as it is fetched; `stream` is the one whose audience may read it. */
export interface Held {
  readonly version: string;
  readonly size: number;
  readonly stream: string;
  /** A machine has read its scanned pages, so that more of it can be kept. */
  readonly read?: boolean;
  /** Changes when the bytes of the version do: those of another are not kept beside these. */
  readonly edition?: string;
}

/** Bytes `begin` to before `end` of a version in this edition, from the server. */
export type FetchRange = (version: string, begin: number, end: number, edition: string) => Promise<Uint8Array<ArrayBuffer>>;

export interface Source {
  readonly length: number;
  /** Not cut short: what is on its way is wanted on this device anyway. */
  readonly fetchRange: (begin: number, end: number) => Promise<Uint8Array>;
}

/** How much of a paper is here, in chunks; `ready` when it opens, is searched and shown without network. */
export interface Progress {
  readonly have: number;
  readonly total: number;
  readonly ready: boolean;
}

/** What papers need beside their bytes; all of it may be left out. */
export interface Terms {
  /** The meeting of a stream, null while it is not known. */
  readonly about?: (stream: string) => About | null;
  readonly lease?: Pick<Lease, "allows">;
  readonly beside?: BesideSource;
  /** Whether something is under way that people wait for; papers in the background come after it. */
  readonly yields?: () => boolean;
}

/** The time for which papers of this meeting open without network is over. */
export class LeaseOver extends Error {
  override name = "LeaseOver";
}

/** Chunks that so many bytes take on the disk; an empty file takes one. */
export function chunks(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}
