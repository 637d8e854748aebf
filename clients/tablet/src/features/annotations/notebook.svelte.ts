/** One's notes and the shared ones on one version, and the hand that writes them. Gone when the paper is closed;
 * what was written is in the outbox. */
import { type Body, type Change, UndoStack } from "@phien/kit/ink";
import { newId } from "@phien/kit/net";
import { rebase } from "@phien/kit/sync";

import type { Live } from "../../runtime/live.svelte.ts";
import { sharedNotes } from "../../runtime/shelf.ts";
import { deleteOp, type Layer, placed, type Placed, putOp, type Written } from "./marks.ts";

export class Notebook {
  /** Where the hand writes. Sharing is chosen each time a paper is opened. */
  layer = $state<Layer>("private");
  visible = $state<Record<Layer, boolean>>({ private: true, shared: true });
  canUndo = $state(false);
  canRedo = $state(false);
  readonly #app: Live;
  readonly #version: string;
  readonly #undo = new UndoStack<Written>(newId);

  constructor(app: Live, version: string) {
    this.#app = app;
    this.#version = version;
    app.runtime.shelf.holdNotes(version);
  }

  readonly privates = $derived.by(() => this.#read("private"));
  readonly shareds = $derived.by(() => this.#read("shared"));
  readonly marks = $derived.by(() => [
    ...(this.visible.shared ? this.shareds : []),
    ...(this.visible.private ? this.privates : []),
  ]);

  /** Whether shared notes may be read (and written) here. */
  get mayShare(): boolean {
    return this.#app.stream(sharedNotes(this.#version)).standing !== "denied";
  }

  put(body: Body, page: number): void {
    this.visible[this.layer] = true;
    this.#did([{ kind: "put", thing: { id: newId(), page, layer: this.layer, body } }]);
  }

  erase(ids: readonly string[]): void {
    const things = [...this.privates, ...this.shareds].filter((mark) => mark.mine && ids.includes(mark.id));
    this.#did(things.map((thing) => ({ kind: "del", thing })));
  }

  /** Changes the words of one's own note. */
  rewrite(mark: Placed, text: string): void {
    if (mark.body.type !== "note" || mark.body.text === text) return;
    const written: Written = { ...mark, body: { ...mark.body, text } };
    this.#send(mark.layer, putOp(written, newId(), mark.rev));
  }

  undo(): void {
    this.#write(this.#undo.undo());
  }

  redo(): void {
    this.#write(this.#undo.redo());
  }

  #did(step: Change<Written>[]): void {
    this.#undo.did(step);
    this.#write(step);
  }

  #write(step: readonly Change<Written>[]): void {
    for (const { kind, thing } of step) {
      this.#send(thing.layer, kind === "put" ? putOp(thing, newId()) : deleteOp(thing.id, newId()));
    }
    this.canUndo = this.#undo.canUndo;
    this.canRedo = this.#undo.canRedo;
  }

  #send(layer: Layer, op: ReturnType<typeof putOp> | ReturnType<typeof deleteOp>): void {
    void this.#app.runtime.outbox.add(this.#stream(layer), [op]);
  }

  #stream(layer: Layer): string {
    return layer === "shared" ? sharedNotes(this.#version) : this.#app.runtime.shelf.privateNotes(this.#version);
  }

  #read(layer: Layer): Placed[] {
    const id = this.#stream(layer);
    const { me } = this.#app;
    const shown = rebase(this.#app.stream(id).entities, this.#app.over(id), this.#version, { id: me.person_id, name: me.name });
    return placed(shown, layer, me.person_id);
  }
}
