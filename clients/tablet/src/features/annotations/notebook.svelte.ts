/** One's notes on one version, those of one's groups and the shared ones, and the hand that writes them. Gone when the
 * paper is closed; what was written is in the outbox. */
import { type Body, type Change, type Rewriting, UndoStack } from "@phien/kit/ink";
import { newId } from "@phien/kit/net";
import { type Op, rebase } from "@phien/kit/sync";
import type { NoteGroup } from "@phien/wire";

import type { Live } from "../../runtime/live.svelte.ts";
import { groupNotes, sharedNotes } from "../../runtime/shelf.ts";
import { deleteOp, type Layer, placed, type Placed, putOp, type Tone, toneOf, type Written, written } from "./marks.ts";

export class Notebook {
  #chosen = $state<Layer>("private");
  #hidden = $state<readonly Layer[]>([]);
  canUndo = $state(false);
  canRedo = $state(false);
  readonly #app: Live;
  readonly #version: string;
  readonly #meeting: string;
  /** Of what this tablet wrote and may not see in the stream yet. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown reads it
  readonly #revs = new Map<string, number>();
  /** Written and not among the marks yet. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown reads it
  readonly #coming = new Set<string>();
  #kept: Promise<void> = Promise.resolve();
  readonly #undo = new UndoStack<Written>(newId);

  constructor(app: Live, version: string, meeting: string) {
    this.#app = app;
    this.#version = version;
    this.#meeting = meeting;
    app.runtime.shelf.holdNotes(version, this.groups.map((group) => group.id));
  }

  /** One's groups in the meeting whose layer of this version one may read. */
  readonly groups = $derived.by((): NoteGroup[] => this.#app.mine.all("note_group")
    .filter((group) => group.meeting_id === this.#meeting && this.#app.stream(groupNotes(this.#version, group.id)).standing !== "denied"));

  readonly privates = $derived.by(() => this.#read("private"));
  readonly shareds = $derived.by(() => this.#read("shared"));
  readonly #grouped = $derived.by(() => Object.fromEntries(this.groups.map(({ id }) => [`g:${id}`, this.#read(`g:${id}`)])));
  /** What is on the pages: the newest hand that nobody else sees on top. */
  readonly marks = $derived.by(() => [...this.layers].reverse().flatMap((layer) => (this.shows(layer) ? this.of(layer) : [])));

  /** All layers there are: one's own, those of one's groups, the one that everybody reads. */
  get layers(): Layer[] {
    return ["private", ...this.groups.map(({ id }) => `g:${id}` as const), "shared"];
  }
  /** The streams of all layers. */
  get streams(): string[] {
    return this.layers.map((layer) => this.#stream(layer));
  }
  /** The marks of one layer, shown or not. */
  of(layer: Layer): readonly Placed[] {
    if (layer === "private") return this.privates;
    return layer === "shared" ? this.shareds : (this.#grouped[layer] ?? []);
  }
  shows(layer: Layer): boolean {
    return !this.#hidden.includes(layer);
  }
  show(layer: Layer, shown: boolean): void {
    this.#hidden = shown ? this.#hidden.filter((each) => each !== layer) : [...this.#hidden, layer];
  }
  /** Where the hand writes: chosen each time a paper is opened. Who is out of a group writes for oneself alone. */
  get layer(): Layer {
    return this.layers.includes(this.#chosen) ? this.#chosen : "private";
  }
  set layer(layer: Layer) {
    this.#chosen = layer;
  }
  get tone(): Tone {
    return toneOf(this.layer);
  }
  groupOf(layer: Layer): NoteGroup | undefined {
    return this.groups.find(({ id }) => layer === `g:${id}`);
  }

  /** Whether this device writes at all. */
  get mayWrite(): boolean {
    return !this.#app.readsOnly;
  }
  /** Whether shared notes may be read (and written) here. */
  get mayShare(): boolean {
    return this.mayWrite && this.#app.stream(sharedNotes(this.#version)).standing !== "denied";
  }

  /** Writes into the layer of the hand; returns the id under which it is stored. */
  put(body: Body, page: number): string {
    const id = newId();
    this.show(this.layer, true);
    this.#did([{ kind: "put", thing: { id, page, layer: this.layer, body } }]);
    return id;
  }

  /** Copies marks into another layer under new ids; they stay where they are. An act of its own: nothing else shares. */
  share(ids: readonly string[], layer: Layer): void {
    const things = this.layers.flatMap((each) => this.of(each)).filter((mark) => ids.includes(mark.id));
    this.show(layer, true);
    this.#did(things.map(({ page, body }) => ({ kind: "put", thing: { id: newId(), page, layer, body } })));
  }

  erase(ids: readonly string[]): void {
    this.change({ gone: ids, put: [], edit: [] }, 0);
  }

  /** Changes the words of one's own note. */
  rewrite(mark: Placed, text: string): void {
    if (mark.body.type !== "note" || mark.body.text === text) return;
    this.change({ gone: [], put: [], edit: [{ id: mark.id, body: { ...mark.body, text } }] }, mark.page);
  }

  /** Own marks of a page go, come or change, as one step of undo; answers with the ids of those that came.
   * What comes instead of another lies in the layer of that one. */
  change({ gone, put, edit }: Rewriting, page: number): string[] {
    const mine = this.#mine();
    const taken = gone.flatMap((id) => mine.get(id) ?? []);
    const came = put.flatMap(({ body, of }): Written[] => {
      const before = mine.get(of);
      return before ? [{ id: newId(), page, layer: before.layer, body }] : [];
    });
    const edits = edit.flatMap(({ id, body }) => {
      const before = mine.get(id);
      return before ? [{ kind: "edit" as const, before: written(before), thing: { ...written(before), body } }] : [];
    });
    this.#did([
      ...taken.map((mark) => ({ kind: "del" as const, thing: written(mark) })), ...came.map((thing) => ({ kind: "put" as const, thing })), ...edits,
    ]);
    return came.map((thing) => thing.id);
  }

  undo(): void {
    this.#forgetGone("undo");
    this.#write(this.#undo.undo());
  }

  redo(): void {
    this.#forgetGone("redo");
    this.#write(this.#undo.redo());
  }

  /** What somebody else took away, or oneself on another device, is no step any more: the one before it is. */
  #forgetGone(next: "undo" | "redo"): void {
    const here = this.#mine();
    for (;;) {
      const gone = this.#undo.expected(next).filter((id) => !here.has(id) && !this.#coming.has(id));
      if (gone.length === 0) return;
      // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown reads it
      this.#undo.forget(new Set(gone));
    }
  }

  #did(step: Change<Written>[]): void {
    this.#undo.did(step);
    this.#write(step);
  }

  #write(step: readonly Change<Written>[]): void {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew for each act, nothing shown reads it
    for (const layer of new Set(step.map(({ thing }) => thing.layer))) {
      this.#send(layer, step.filter(({ thing }) => thing.layer === layer).flatMap((change) => this.#op(change)));
    }
    this.canUndo = this.#undo.canUndo;
    this.canRedo = this.#undo.canRedo;
  }

  /** A change is of what is there now, or on its way: the server compares the rev that was seen. */
  #op({ kind, thing }: Change<Written>): Op[] {
    if (kind === "del") return [deleteOp(thing.id, newId())];
    const seen = kind === "put" ? 0 : Math.max(this.#mine().get(thing.id)?.rev ?? 0, this.#revs.get(thing.id) ?? 0);
    if (kind === "edit" && seen === 0) return []; // somebody took it away
    this.#revs.set(thing.id, seen + 1);
    return [putOp(thing, newId(), seen)];
  }

  #mine(): ReadonlyMap<string, Placed> {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- made anew for each act, nothing shown reads it
    return new Map(this.layers.flatMap((layer) => this.of(layer)).filter((mark) => mark.mine).map((mark) => [mark.id, mark]));
  }

  /** One after another: what is taken back right away must not overtake what was written. */
  #send(layer: Layer, ops: Op[]): void {
    const stream = this.#stream(layer);
    if (ops.length === 0) return;
    for (const { ann_id } of ops) this.#coming.add(ann_id);
    this.#kept = this.#kept.then(() => this.#app.runtime.outbox.add(stream, ops)).then(() => {
      for (const { ann_id } of ops) this.#coming.delete(ann_id);
    });
  }

  #stream(layer: Layer): string {
    if (layer === "private") return this.#app.runtime.shelf.privateNotes(this.#version);
    return layer === "shared" ? sharedNotes(this.#version) : groupNotes(this.#version, layer.slice(2));
  }

  #read(layer: Layer): Placed[] {
    const id = this.#stream(layer);
    const { me } = this.#app;
    const shown = rebase(this.#app.stream(id).entities, this.#app.over(id), this.#version, { id: me.person_id, name: me.name });
    return placed(shown, layer, me.person_id);
  }
}
