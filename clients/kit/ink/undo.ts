/** Undo and redo as new operations: nothing is taken back from the log, the opposite is written after it. */

/** Something with an id that is put or deleted as a whole. */
export interface Thing {
  readonly id: string;
}

/** `edit`: the thing goes on under its id; `before` is what it was. */
export type Change<T extends Thing> =
  | { readonly kind: "put" | "del"; readonly thing: T }
  | { readonly kind: "edit"; readonly thing: T; readonly before: T };

/** One step of the user, e.g. all strokes that one sweep of the eraser took. */
type Step<T extends Thing> = readonly Change<T>[];

/** The steps of one person on one paper in one sitting with it. Not durable: undo ends when the paper is closed. */
export class UndoStack<T extends Thing> {
  #done: Step<T>[] = [];
  #undone: Step<T>[] = [];
  readonly #newId: () => string;

  /** `newId` makes ids: a deleted id never comes back, so putting back means a new one. */
  constructor(newId: () => string) {
    this.#newId = newId;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Remembers what the user just did. */
  did(step: Step<T>): void {
    if (step.length === 0) return;
    this.#done.push(step);
    this.#undone = [];
  }

  /** The changes to write for undo; empty when there is nothing to undo. */
  undo(): Step<T> {
    return this.#reverse(() => this.#done.pop(), (step) => this.#undone.push(step));
  }

  redo(): Step<T> {
    return this.#reverse(() => this.#undone.pop(), (step) => this.#done.push(step));
  }

  /** What the next undo, or redo, takes for being there: it deletes or changes it. */
  expected(next: "undo" | "redo"): string[] {
    const step = (next === "undo" ? this.#done : this.#undone).at(-1) ?? [];
    return step.filter((change) => change.kind !== "del").map((change) => change.thing.id);
  }

  /** Somebody else deleted or changed these: steps about them can no longer be reversed. */
  forget(ids: ReadonlySet<string>): void {
    const without = (steps: Step<T>[]): Step<T>[] =>
      steps.map((step) => step.filter((change) => !ids.has(change.thing.id))).filter((step) => step.length > 0);
    this.#done = without(this.#done);
    this.#undone = without(this.#undone);
  }

  #reverse(take: () => Step<T> | undefined, keep: (step: Step<T>) => void): Step<T> {
    const step = take();
    if (!step) return [];
    const reversed = [...step].reverse().map((change): Change<T> => {
      if (change.kind === "edit") return { kind: "edit", thing: change.before, before: change.thing };
      return change.kind === "put" ? { kind: "del", thing: change.thing } : { kind: "put", thing: this.#renamed(change.thing) };
    });
    keep(reversed);
    return reversed;
  }

  /** The same thing under a new id, in all other steps too. */
  #renamed(thing: T): T {
    const next = { ...thing, id: this.#newId() };
    const rename = (steps: Step<T>[]): Step<T>[] =>
      steps.map((step) => step.map((change) => (change.thing.id === thing.id ? named(change, next.id) : change)));
    this.#done = rename(this.#done);
    this.#undone = rename(this.#undone);
    return next;
  }
}

/** The change under another id; what the thing was in each step stays as it was then. */
function named<T extends Thing>(change: Change<T>, id: string): Change<T> {
  const thing = { ...change.thing, id };
  return change.kind === "edit" ? { ...change, thing, before: { ...change.before, id } } : { ...change, thing };
}
