/** Tests of the engine on a paper made here: text, boxes, sizes, ranges, and Safari without stream iteration. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { joinText, type PdfDoc, type PdfSource } from "./engine.ts";

/** A PDF with these pages: [page entries, content]. Written by hand, so that nothing but pdf.js is tested. */
function pdf(pages: [string, string][], catalog = "", more: string[] = []): Uint8Array {
  const objects = [`<</Type/Catalog/Pages 2 0 R${catalog}>>`, "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"];
  const kids = pages.map(([entries, content]) => {
    objects.push(`<</Length ${content.length}>>stream\n${content}\nendstream`);
    objects.push(`<</Type/Page/Parent 2 0 R/Resources<</Font<</F 3 0 R>>>>/Contents ${objects.length} 0 R${entries}>>`);
    return `${objects.length} 0 R`;
  });
  objects[1] = `<</Type/Pages/Count ${pages.length}/Kids[${kids.join(" ")}]>>`;
  if (more.length > 0) objects.push("null", ...more);
  let file = "%PDF-1.7\n";
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const start = file.length;
  const size = objects.length + 1;
  file += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${start}\n%%EOF`;
  return new TextEncoder().encode(file);
}

const FILE = pdf([
  ["/MediaBox[0 0 600 800]", "BT /F 20 Tf 100 700 Td (To trinh) Tj 0 -30 Td (so 318) Tj ET"],
  ["/MediaBox[0 0 600 800]/CropBox[50 60 550 760]/Rotate 90", "BT /F 12 Tf 100 100 Td (Phu luc) Tj ET"],
]);

function source(bytes: Uint8Array, fail: () => boolean = () => false): PdfSource & { asked: [number, number][] } {
  const asked: [number, number][] = [];
  return {
    asked,
    length: bytes.length,
    fetchRange: (begin, end) => {
      asked.push([begin, end]);
      return fail() ? Promise.reject(new Error("no network")) : Promise.resolve(bytes.subarray(begin, end));
    },
  };
}

type Prototype = Record<symbol, unknown>;
const prototype = ReadableStream.prototype as unknown as Prototype;
const native = Object.getOwnPropertyDescriptor(ReadableStream.prototype, Symbol.asyncIterator);
let doc: PdfDoc | undefined;

beforeEach(() => { vi.resetModules(); });
afterEach(async () => {
  await doc?.close();
  doc = undefined;
  if (native) Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, native);
});

async function open(from: PdfSource): Promise<PdfDoc> {
  const { pdfjsEngine } = await import("./pdfjs.ts");
  doc = await pdfjsEngine("/pdfjs/").open(from);
  return doc;
}

describe("engine", () => {
  test("pages, text and boxes", async () => {
    const paper = await open(source(FILE));
    expect(paper.pages).toBe(2);
    const pieces = await paper.text(1);
    expect(joinText(pieces).trim()).toBe("To trinh\nso 318");
    const at = joinText(pieces).indexOf("318");
    const [quad] = await paper.quads(1, at, at + 3);
    // "so 318" begins at x = 100 on the base line y = 670, 20 pt high.
    expect(quad?.[0]).toBeGreaterThan(110);
    expect(quad?.[1]).toBeCloseTo(670 + 20 * 0.78, 1);
    expect(quad?.[5]).toBeCloseTo(670 - 20 * 0.22, 1);
    expect(quad?.[2]).toBeLessThan(180);
  });
  test("the box of a page as the server's table has it", async () => {
    const paper = await open(source(FILE));
    expect(await paper.pageSize(1)).toEqual([0, 0, 600, 800, 0]);
    expect(await paper.pageSize(2)).toEqual([50, 60, 550, 760, 90]);
  });
  test("bytes come by ranges inside the file only", async () => {
    const from = source(FILE);
    await open(from);
    expect(from.asked.length).toBeGreaterThan(0);
    expect(from.asked.every(([begin, end]) => begin >= 0 && begin < end && end <= FILE.length)).toBe(true);
  });
  test("one lost range is asked for again", async () => {
    let lost = 1;
    const paper = await open(source(FILE, () => lost-- > 0));
    expect(paper.pages).toBe(2);
  });
  test("bytes that never come are a failure, not an endless wait", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    try {
      const opened = open(source(FILE, () => true));
      const caught = expect(opened).rejects.toThrow("no network");
      await vi.advanceTimersByTimeAsync(60_000);
      await caught;
    } finally {
      vi.useRealTimers();
    }
  });
  test("what is no PDF is refused", async () => {
    await expect(open(source(new TextEncoder().encode("hello".repeat(50))))).rejects.toMatchObject({ kind: "broken" });
  });
});

describe("ways through a paper", () => {
  const dest = (page: string, view: string): string => `[${page} ${view}]`;
  // Pages are objects 5 and 7 of the file that `pdf` writes.
  const linked = (): Uint8Array => pdf(
    [
      [`/MediaBox[0 0 600 800]/Annots[
        <</Type/Annot/Subtype/Link/Rect[100 690 200 710]/Dest${dest("7 0 R", "/XYZ 0 600 0")}>>
        <</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Dest${dest("99 0 R", "/Fit")}>>
        <</Type/Annot/Subtype/Link/Rect[0 9 9 18]/A<</S/URI/URI(https://example.org/a)>>>>
        <</Type/Annot/Subtype/Link/Rect[0 18 9 27]/A<</S/URI/URI(javascript:alert\\(1\\))>>>>]`, "BT /F 20 Tf 100 700 Td (Xem trang 2) Tj ET"],
      ["/MediaBox[0 0 600 800]", "BT /F 12 Tf 100 100 Td (Phu luc) Tj ET"],
    ],
    `/Outlines<</First 9 0 R/Last 9 0 R/Count 1>>`,
    [`<</Title(Phan mot)/Dest${dest("5 0 R", "/Fit")}/Parent 8 0 R/First 10 0 R/Last 10 0 R/Count 1>>`,
      `<</Title(Dieu 1)/Dest${dest("7 0 R", "/FitH 400")}/Parent 9 0 R>>`],
  );
  test("references inside the paper and out of it; what leads nowhere or runs something is left out", async () => {
    const paper = await open(source(linked()));
    expect(await paper.references(1)).toEqual([
      { rect: [100, 690, 200, 710], to: { page: 2, fraction: 0.25 } },
      { rect: [0, 9, 9, 18], to: { kind: "web", url: "https://example.org/a", where: "example.org" } },
    ]);
    expect(await paper.references(2)).toEqual([]);
  });
  test("the outline with its places", async () => {
    const paper = await open(source(linked()));
    expect(await paper.outline()).toEqual([
      { title: "Phan mot", to: { page: 1, fraction: 0 }, children: [{ title: "Dieu 1", to: { page: 2, fraction: 0.5 }, children: [] }] },
    ]);
    await doc?.close();
    expect(await (await open(source(FILE))).outline()).toEqual([]);
  });
});

describe("Safari before 27", () => {
  test("without the iterator text is read all the same", async () => {
    Reflect.deleteProperty(prototype, Symbol.asyncIterator);
    expect(Symbol.asyncIterator in prototype).toBe(false);
    const paper = await open(source(FILE));
    expect(joinText(await paper.text(1))).toContain("To trinh");
  });
  test("the iterator gives all values, and lets go of a stream that is left early", async () => {
    Reflect.deleteProperty(prototype, Symbol.asyncIterator);
    await import("./stream-iter.ts");
    let cancelled = false;
    const stream = (): ReadableStream<number> => new ReadableStream({
      pull(controller) { controller.enqueue(1); },
      cancel() { cancelled = true; },
    });
    const finite = new ReadableStream<number>({
      start(controller) { controller.enqueue(1); controller.enqueue(2); controller.close(); },
    });
    const all: number[] = [];
    for await (const value of finite) all.push(value);
    expect(all).toEqual([1, 2]);
    const endless = stream();
    for await (const value of endless) if (value === 1) break;
    expect(cancelled).toBe(true);
    expect(endless.locked).toBe(false);
  });
});
