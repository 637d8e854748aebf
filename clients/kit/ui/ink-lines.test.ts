/** Which elements lines on a page have, and which of them a change touches; over just enough of a document. */
import { beforeEach, expect, test, vi } from "vitest";

import { type Drawn, InkLines } from "./ink-lines.ts";

class Element {
  readonly attributes = new Map<string, string>();
  parent: Group | null = null;
  setAttribute(name: string, value: string): void { this.attributes.set(name, value); }
  remove(): void { this.parent?.drop(this); }
  get nextSibling(): Element | null {
    return this.parent?.children[this.parent.children.indexOf(this) + 1] ?? null;
  }
}

class Group {
  readonly children: Element[] = [];
  get firstChild(): Element | null { return this.children[0] ?? null; }
  drop(one: Element): void { this.children.splice(this.children.indexOf(one), 1); }
  insertBefore(one: Element, before: Element | null): void {
    one.remove();
    one.parent = this;
    this.children.splice(before ? this.children.indexOf(before) : this.children.length, 0, one);
  }
}

let group: Group;
let lines: InkLines;

beforeEach(() => {
  vi.stubGlobal("document", { createElementNS: () => new Element() });
  group = new Group();
  lines = new InkLines(group as unknown as SVGGElement);
});

function stroke(number: number, color = "#9A3D08", x = 4000): Drawn {
  return { id: `s${String(number).padStart(3, "0")}`, body: { type: "ink", color, w: 1.6, pts: [x, 4000 + number, 50, 100, 0, 0] } };
}
const strokes = (from: number, to: number): Drawn[] => Array.from({ length: to - from }, (_, index) => stroke(from + index));
/** Of each element the strokes it shows, or the one mark it is. */
const shown = (): (number | string)[] => group.children.map((one) => Number(one.attributes.get("data-marks")) || (one.attributes.get("data-mark") ?? ""));
const paths = (): string => group.children.map((one) => one.attributes.get("d") ?? "").join("");

test("few strokes have an element each, many that come at once share some", () => {
  lines.show(strokes(0, 3));
  expect(shown()).toEqual(["s000", "s001", "s002"]);
  lines.show(strokes(0, 73));
  expect(shown()).toEqual(["s000", "s001", "s002", 32, 32, "s067", "s068", "s069", "s070", "s071", "s072"]);
});

test("together they draw what each draws alone", () => {
  lines.show(strokes(0, 20));
  const together = paths();
  lines.show([]);
  for (let at = 1; at <= 20; at += 1) lines.show(strokes(0, at)); // as they are written: one after another
  expect(shown()).toHaveLength(20);
  expect(paths()).toBe(together);
});

test("another colour, a figure or a place far off begins anew, and the order stays", () => {
  const figure: Drawn = { id: "f", body: { type: "shape", shape: "line", color: "#9A3D08", w: 1, x1: 0, y1: 0, x2: 9, y2: 9 } };
  const blue = Array.from({ length: 8 }, (_, index) => stroke(30 + index, "#00f"));
  const far = Array.from({ length: 8 }, (_, index) => stroke(40 + index, "#00f", 50_000));
  lines.show([...strokes(0, 10), figure, ...strokes(10, 20), ...blue, ...far]);
  expect(shown()).toEqual([10, "f", 10, 8, 8]);
});

test("a stroke that goes, comes or changes touches its own element and no other", () => {
  lines.show(strokes(0, 96));
  const [first, second, third] = group.children;
  const without = strokes(0, 96).filter(({ id }) => id !== "s040");
  lines.show([...without, stroke(200)]);
  expect(shown()).toEqual([32, 31, 32, "s200"]);
  expect([group.children[0] === first, group.children[1] === second, group.children[2] === third]).toEqual([true, false, true]);
  lines.show(without.map((one) => (one.id === "s010" ? stroke(10, "#00f") : one)));
  expect(shown()).toEqual([10, "s010", 21, 31, 32]);
});

test("the same strokes said anew by the server keep their elements", () => {
  lines.show(strokes(0, 40));
  const before = [...group.children];
  lines.show(strokes(0, 40));
  expect(group.children.every((one, index) => one === before[index])).toBe(true);
});
