/** Tests of drawing without waiting for frames, and that pdf.js still has what is set for it. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import type { RenderTask } from "pdfjs-dist/legacy/build/pdf.mjs";
import { expect, test } from "vitest";

import { withoutFrames } from "./frames.ts";

test("pdf.js asks for frames by what is set", async () => {
  const source = await readFile(createRequire(import.meta.url).resolve("pdfjs-dist/legacy/build/pdf.mjs"), "utf8");
  expect(source).toMatch(/class RenderTask \{\s+_internalRenderTask/);
  expect(source).toMatch(/if \(this\._useRequestAnimationFrame\) \{\s+this\.#rAF = window\.requestAnimationFrame/);
  expect(source).toMatch(/if \(this\.task\.onContinue\) \{\s+this\.task\.onContinue\(this\._scheduleNextBound\)/);
});

test("pieces go on by themselves, after what waits", async () => {
  const task = { _internalRenderTask: { _useRequestAnimationFrame: true }, onContinue: (go: () => void): void => { go(); } };
  withoutFrames(task as unknown as RenderTask);
  expect(task._internalRenderTask._useRequestAnimationFrame).toBe(false);
  const said: string[] = [];
  const gone = new Promise<void>((resolve) => { task.onContinue(() => { said.push("piece"); resolve(); }); });
  said.push("waited");
  await gone;
  expect(said).toEqual(["waited", "piece"]);
});

test("another pdf.js is left alone", () => {
  const task = { onContinue: null };
  withoutFrames(task as unknown as RenderTask);
  expect(task).toEqual({ onContinue: null });
});
