/** Tests of the list that the service worker gets. */
import { expect, test } from "vitest";

import { shellOf } from "./shell-worker.ts";

const FILES = [
  { name: "index.html", content: "<html>" },
  { name: "assets/index-1.js", content: "1" },
  { name: "assets/font.woff2", content: new Uint8Array([1]) },
  { name: "assets/index-1.js.map", content: "{}" },
  { name: "pdfjs-6/wasm/jbig2.wasm", content: new Uint8Array([2]) },
  { name: "pdfjs-6/cmaps/78-H.bcmap", content: new Uint8Array([3]) },
];

test("the shell is what starts the app, without maps and seldom needed assets", () => {
  expect(shellOf(FILES).files).toEqual([
    "assets/font.woff2", "assets/index-1.js", "index.html", "pdfjs-6/wasm/jbig2.wasm",
  ]);
});

test("the version follows the contents, not their order", () => {
  const { version } = shellOf(FILES);
  expect(shellOf([...FILES].reverse()).version).toBe(version);
  const changed = FILES.map((file) => (file.name === "index.html" ? { ...file, content: "<html >" } : file));
  expect(shellOf(changed).version).not.toBe(version);
  const seldom = FILES.map((file) => (file.name.endsWith("bcmap") ? { ...file, content: "x" } : file));
  expect(shellOf(seldom).version).toBe(version);
});
