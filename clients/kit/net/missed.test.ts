/** How an answer of many pages is read, wherever it is cut into pieces. */
import type { Page } from "@phien/wire";
import { afterEach, expect, test, vi } from "vitest";

import { type From, missedPages } from "./missed.ts";

const FROM: From = { last_seq: 7, after: null };

function page(head: number, more: boolean): Page {
  return { stream: "s:1", mode: "delta", epoch: 1, head, ops: [], put: [], more, after: null };
}

/** Answers with these bytes in pieces of `size`; tells what was asked, and whether the rest was given up. */
function answering(text: string, size: number, status = 200): { urls: string[]; signals: AbortSignal[] } {
  const asked = { urls: [] as string[], signals: [] as AbortSignal[] };
  const bytes = new TextEncoder().encode(text);
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    asked.urls.push(url);
    if (init.signal) asked.signals.push(init.signal);
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.slice(index * size, (index + 1) * size));
    return Promise.resolve(new Response(new ReadableStream({
      pull: (to) => {
        const next = pieces.shift();
        if (next) to.enqueue(next);
        else to.close();
      },
    }), { status }));
  });
  return asked;
}

async function all(from: From): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const one of missedPages("s:é/1", from)) pages.push(one);
  return pages;
}

const said = (...lines: unknown[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

afterEach(() => { vi.unstubAllGlobals(); });

test.each([1, 7, 100_000])("pages come whole and in order, in pieces of %d bytes", async (size) => {
  const asked = answering(said(page(1, true), { ...page(2, true), stream: "s:Đường" }, page(3, false)), size);
  const pages = await all({ last_seq: 7, after: ["annotation", "a"] });
  expect(pages.map(({ head }) => head)).toEqual([1, 2, 3]);
  expect(pages[1]?.stream).toBe("s:Đường");
  expect(asked.urls).toEqual(["/api/v1/streams/s%3A%C3%A9%2F1/missed?last_seq=7&after_kind=annotation&after_id=a"]);
});

test("an answer that ends before its last page has failed", async () => {
  answering(said(page(1, true)) + '{"stream":', 50);
  await expect(all(FROM)).rejects.toMatchObject({ code: "network" });
});

test("who may read no more is told so in a line, or at once", async () => {
  answering(said(page(1, true), { code: "denied" }), 50);
  await expect(all(FROM)).rejects.toMatchObject({ code: "denied" });
  answering(JSON.stringify({ error: { code: "denied", text: "Không", args: {} } }), 50, 403);
  await expect(all(FROM)).rejects.toMatchObject({ code: "denied" });
});

test("whoever stops after a page asks for no more bytes", async () => {
  const { signals } = answering(said(page(1, true), page(2, false)), 20);
  for await (const one of missedPages("s:1", FROM)) {
    expect(one.head).toBe(1);
    break;
  }
  expect(signals[0]?.aborted).toBe(true);
});
