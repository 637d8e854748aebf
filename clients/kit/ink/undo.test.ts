/** Tests of undo and redo as new operations. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type Change, UndoStack } from "./undo.ts";

interface Item {
  readonly id: string;
  readonly word: string;
}

function world(): { live: Map<string, Item>; dead: Set<string>; stack: UndoStack<Item>; write: (step: readonly Change<Item>[]) => void } {
  let serial = 0;
  const live = new Map<string, Item>();
  const dead = new Set<string>();
  const stack = new UndoStack<Item>(() => `new-${String(++serial)}`);
  const write = (step: readonly Change<Item>[]): void => {
    for (const change of step) {
      const { kind, thing } = change;
      if (kind === "edit") {
        expect(live.get(thing.id), "what is changed is as it was then").toEqual(change.before);
        live.set(thing.id, thing);
      } else if (kind === "put") {
        expect(dead.has(thing.id), "a deleted id never comes back").toBe(false);
        live.set(thing.id, thing);
      } else {
        expect(live.get(thing.id), "only what is there is deleted, as it is").toEqual(thing);
        live.delete(thing.id);
        dead.add(thing.id);
      }
    }
  };
  return { live, dead, stack, write };
}
const words = (live: Map<string, Item>): string[] => [...live.values()].map((item) => item.word).sort();

describe("undo", () => {
  test("undo of erasing brings the words back under a new id, and may be redone", () => {
    const { live, stack, write } = world();
    const put: Change<Item>[] = [{ kind: "put", thing: { id: "a", word: "x" } }];
    const del: Change<Item>[] = [{ kind: "del", thing: { id: "a", word: "x" } }];
    for (const step of [put, del]) { write(step); stack.did(step); }
    write(stack.undo());
    expect(words(live)).toEqual(["x"]);
    expect(live.has("a")).toBe(false);
    write(stack.undo());
    expect(words(live)).toEqual([]);
    write(stack.redo());
    write(stack.redo());
    expect(words(live)).toEqual([]);
    expect(stack.canRedo).toBe(false);
  });
  test("nothing to undo, nothing to write", () => {
    const { stack } = world();
    expect(stack.undo()).toEqual([]);
    expect(stack.redo()).toEqual([]);
  });
  test("a new act ends redo", () => {
    const { stack } = world();
    stack.did([{ kind: "put", thing: { id: "a", word: "x" } }]);
    stack.undo();
    stack.did([{ kind: "put", thing: { id: "b", word: "y" } }]);
    expect(stack.canRedo).toBe(false);
  });
  test("what others changed is out of the stack", () => {
    const { stack } = world();
    stack.did([{ kind: "put", thing: { id: "a", word: "x" } }, { kind: "put", thing: { id: "b", word: "y" } }]);
    stack.forget(new Set(["a"]));
    expect(stack.undo().map((change) => change.thing.id)).toEqual(["b"]);
    stack.did([{ kind: "put", thing: { id: "c", word: "z" } }]);
    stack.forget(new Set(["c"]));
    expect(stack.canUndo).toBe(false);
  });
  test("undo of an edit under a thing that came back has its new id", () => {
    const { live, stack, write } = world();
    const [first, second] = [{ id: "a", word: "x" }, { id: "a", word: "y" }];
    const steps: Change<Item>[][] = [
      [{ kind: "put", thing: first }], [{ kind: "edit", thing: second, before: first }], [{ kind: "del", thing: second }],
    ];
    for (const step of steps) { write(step); stack.did(step); }
    write(stack.undo());
    expect(words(live)).toEqual(["y"]);
    write(stack.undo());
    expect(words(live)).toEqual(["x"]);
  });
  /** One act on what is there: put, delete, change, or a move (delete and put in one step). */
  function act(live: Map<string, Item>, which: number, kind: number, serial: string): Change<Item>[] {
    const victim = [...live.values()][which];
    const fresh = { id: `id-${serial}`, word: `w${serial}` };
    if (!victim) return [{ kind: "put", thing: fresh }];
    if (kind === 0) return [{ kind: "del", thing: victim }];
    if (kind === 1) return [{ kind: "edit", thing: { ...victim, word: fresh.word }, before: victim }];
    return [{ kind: "del", thing: victim }, { kind: "put", thing: fresh }];
  }
  const acts = fc.array(fc.tuple(fc.nat(5), fc.nat(2)), { maxLength: 30 });
  test("undo after any act is as before it", () => {
    fc.assert(fc.property(acts, (script) => {
      const { live, stack, write } = world();
      for (const [index, [which, kind]] of script.entries()) {
        const before = words(live);
        const step = act(live, which, kind, String(index));
        write(step);
        stack.did(step);
        const after = words(live);
        write(stack.undo());
        expect(words(live)).toEqual(before);
        write(stack.redo());
        expect(words(live)).toEqual(after);
      }
    }), { numRuns: 200 });
  });
  test("undoing all after any acts leaves nothing, redoing all brings all back", () => {
    fc.assert(fc.property(acts, (script) => {
      const { live, stack, write } = world();
      for (const [index, [which, kind]] of script.entries()) {
        const step = act(live, which, kind, String(index));
        write(step);
        stack.did(step);
      }
      const after = words(live);
      while (stack.canUndo) write(stack.undo());
      expect(words(live)).toEqual([]);
      while (stack.canRedo) write(stack.redo());
      expect(words(live)).toEqual(after);
    }), { numRuns: 200 });
  });
});
