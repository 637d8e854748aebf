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
    for (const { kind, thing } of step) {
      if (kind === "put") {
        expect(dead.has(thing.id), "a deleted id never comes back").toBe(false);
        live.set(thing.id, thing);
      } else {
        expect(live.delete(thing.id), "only what is there is deleted").toBe(true);
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
  test("undoing all after any acts leaves nothing, redoing all brings all back", () => {
    fc.assert(fc.property(fc.array(fc.nat(5), { maxLength: 30 }), (acts) => {
      const { live, stack, write } = world();
      for (const [index, act] of acts.entries()) {
        const victim = [...live.values()][act];
        const step: Change<Item>[] = victim
          ? [{ kind: "del", thing: victim }]
          : [{ kind: "put", thing: { id: `id-${String(index)}`, word: `w${String(index)}` } }];
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
