/** Tests of answers that tell how far they are before their bytes come, cut at any place. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { LinesThenBytes } from "./files.ts";
import { ApiError } from "./http.ts";

interface Step { type: "step"; done: number; title: string }
interface Ready { type: "ready"; size: number }

const STEPS: Step[] = [{ type: "step", done: 0, title: "Tờ trình" }, { type: "step", done: 1, title: "" }];
const FILE = new Uint8Array([37, 80, 68, 70, 10, 10, 0, 255, 10]);

function answer(size: number): Uint8Array {
  const head = [...STEPS, { type: "ready", size }].map((line) => `${JSON.stringify(line)}\n`).join("");
  return new Uint8Array([...new TextEncoder().encode(head), ...FILE]);
}

function taken(bytes: Uint8Array, cuts: readonly number[]): { steps: Step[]; lines: LinesThenBytes<Step, Ready> } {
  const steps: Step[] = [];
  const lines = new LinesThenBytes<Step, Ready>((step) => steps.push(step));
  const at = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < at.length; index += 1) lines.take(bytes.subarray(at[index - 1], at[index]));
  return { steps, lines };
}

describe("lines, then bytes", () => {
  test("wherever it is cut, the steps and the file are whole", async () => {
    const bytes = answer(FILE.length);
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 9 }), async (cuts) => {
      const { steps, lines } = taken(bytes, cuts);
      expect(steps).toEqual(STEPS);
      expect(new Uint8Array(await lines.arrived().file.arrayBuffer())).toEqual(FILE);
    }));
  });
  test("too few bytes are no file", () => {
    expect(() => taken(answer(FILE.length + 1), []).lines.arrived()).toThrow(ApiError);
    expect(() => taken(new TextEncoder().encode(`${JSON.stringify(STEPS[0])}\n`), []).lines.arrived()).toThrow(ApiError);
  });
  test("what failed on the way is told in the server's words", () => {
    const failed = new TextEncoder().encode('{"type":"failed","code":"gone","text":"Đã thu hồi."}\n');
    expect(() => taken(failed, [7])).toThrow("Đã thu hồi.");
  });
});
