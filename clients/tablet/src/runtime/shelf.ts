/** Which streams this tablet keeps in step though no screen shows them: without network they are all there is. */
import type { Streams } from "@phien/kit/sync";

/** Streams of notes that are kept beside those of meetings; the server takes 512 in one handshake. */
const MOST_NOTES = 160;

export class Shelf {
  readonly #streams: Pick<Streams, "follow">;
  readonly #held = new Map<string, () => void>();

  constructor(
    streams: Pick<Streams, "follow">,
    readonly person: string,
    /** Told of every change of a stream that is kept. */
    readonly changed: (stream: string) => void = () => undefined,
  ) {
    this.#streams = streams;
  }

  /** Keeps a stream until the session ends. */
  hold(id: string): void {
    if (!this.#held.has(id)) this.#held.set(id, this.#streams.follow(id, () => { this.changed(id); }));
  }

  /** Keeps the notes of a version, those of these groups too; the ones not looked at for the longest are let go. */
  holdNotes(version: string, groups: readonly string[] = []): void {
    for (const id of [this.privateNotes(version), sharedNotes(version), ...groups.map((group) => groupNotes(version, group))]) {
      const stop = this.#held.get(id);
      this.#held.delete(id);
      this.#held.set(id, stop ?? this.#streams.follow(id, () => { this.changed(id); }));
    }
    const notes = [...this.#held.keys()].filter((id) => /^[psg]:/.test(id));
    for (const id of notes.slice(0, Math.max(0, notes.length - MOST_NOTES))) {
      this.#held.get(id)?.();
      this.#held.delete(id);
    }
  }

  privateNotes(version: string): string {
    return `p:${version}:${this.person}`;
  }
}

/** The layer of a group on a version. */
export function groupNotes(version: string, group: string): string {
  return `g:${version}:${group}`;
}

export function sharedNotes(version: string): string {
  return `s:${version}`;
}
