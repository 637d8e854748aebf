/** A paper that came in a new version: what changed since the one before, and one's notes that have no place in it yet. */
import { told } from "@phien/kit/comparing/pages.ts";
import { act, get, newId } from "@phien/kit/net";
import type { PageBox, XY } from "@phien/kit/pdf";
import { type Op, rebase } from "@phien/kit/sync";
import type { CarriedOver, Changes, Version, Versions } from "@phien/wire";

import type { Live } from "../../runtime/live.svelte.ts";
import { groupNotes, sharedNotes } from "../../runtime/shelf.ts";
import { deleteOp } from "../annotations/marks.ts";
import { putAt, type Unplaced, unplaced } from "./waiting.ts";

export class Reissue {
  /** The version before this one; null until it is known. */
  before = $state.raw<Version | null>(null);
  changes = $state.raw<Changes | null>(null);
  /** It is being chosen where this one goes: the next touch of a page puts it there. */
  placing = $state.raw<Unplaced | null>(null);
  #asked = false;
  readonly #app: Live;
  readonly #version: Version;
  readonly #paper: string;
  readonly #meeting: string;

  constructor(app: Live, version: Version, paper: string, meeting: string) {
    this.#app = app;
    this.#version = version;
    this.#paper = paper;
    this.#meeting = meeting;
  }

  /** What changed, in words; "" until it is known. */
  get told(): string {
    return this.changes ? told(this.changes) : "";
  }

  /** One's own notes that wait for a place, in the order in which they were written. */
  readonly waiting = $derived.by(() => this.#streams().flatMap((stream) => {
    const { me } = this.#app;
    const shown = rebase(this.#app.stream(stream).entities, this.#app.over(stream), this.#version.id, { id: me.person_id, name: me.name });
    return unplaced(stream, shown, me.person_id);
  }).sort((a, b) => (a.note.id < b.note.id ? -1 : 1)));

  /** Asks the server once there is a network: carries one's notes over, then tells what changed. */
  async ask(): Promise<void> {
    if (this.#asked || this.#version.no < 2) return;
    this.#asked = true;
    try {
      await act<CarriedOver>("POST", `/versions/${this.#version.id}/carry`);
      const { versions } = await get<Versions>(`/papers/${this.#paper}/versions`);
      this.before = versions.find((each) => each.no === this.#version.no - 1) ?? null;
      if (this.before) this.changes = await get<Changes>(`/versions/${this.#version.id}/changes?since=${this.before.id}`);
    } catch {
      this.#asked = false; // without network, or the server is busy: asked again when the network comes
    }
  }

  put(one: Unplaced, page: number, at?: { place: XY; box: PageBox }): void {
    this.#send(one, putAt(one, newId(), page, at));
    if (this.placing?.note.id === one.note.id) this.placing = null;
  }

  /** It stays in the old version and is nowhere in this one. */
  leave(one: Unplaced): void {
    this.#send(one, deleteOp(one.note.id, newId()));
    if (this.placing?.note.id === one.note.id) this.placing = null;
  }

  #send(one: Unplaced, op: Op): void {
    void this.#app.runtime.outbox.add(one.stream, [op]);
  }

  #streams(): string[] {
    const groups = this.#app.mine.all("note_group").filter((group) => group.meeting_id === this.#meeting);
    return [
      this.#app.runtime.shelf.privateNotes(this.#version.id), sharedNotes(this.#version.id),
      ...groups.map((group) => groupNotes(this.#version.id, group.id)),
    ];
  }
}
