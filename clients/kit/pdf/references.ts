/** Where links and the outline of a paper lead: pdf.js destinations as places in the page list. */
import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";

import type { Chapter, Reference } from "./engine.ts";
import { apply, type PageBox, shownSize, toShown } from "./geometry.ts";
import type { Anchor } from "./layout.ts";
import { outwardOf } from "./outward.ts";

/** An explicit destination (ISO 32000-2, 12.3.2.2): page, kind of view, its numbers. */
type Destination = readonly [page: unknown, view: { name?: string }, ...numbers: (number | null)[]];
type OutlineNode = Awaited<ReturnType<PDFDocumentProxy["getOutline"]>>[number];

/** Lines of an outline that are looked up; a longer one is cut, not waited for. */
const MOST_CHAPTERS = 2000;
const DEEPEST = 6;

/** Where on the shown page a view begins, 0 to 1 from its top; the top itself where the view names no height. */
export function fractionOf(box: PageBox, view: string, numbers: readonly (number | null)[]): number {
  const [x0, , , y1] = box;
  const place = {
    XYZ: { x: numbers[0] ?? x0, y: numbers[1] ?? y1 },
    FitH: { x: x0, y: numbers[0] ?? y1 },
    FitBH: { x: x0, y: numbers[0] ?? y1 },
    FitR: { x: numbers[0] ?? x0, y: numbers[3] ?? y1 },
  }[view];
  if (!place) return 0;
  return Math.min(1, Math.max(0, apply(toShown(box), place).y / shownSize(box).height));
}

export class References {
  readonly #doc: PDFDocumentProxy;
  readonly #box: (page: number) => Promise<PageBox>;

  constructor(doc: PDFDocumentProxy, box: (page: number) => Promise<PageBox>) {
    this.#doc = doc;
    this.#box = box;
  }

  /** Links of a page: to places of the same paper, and to addresses outside that may be offered. */
  async of(page: PDFPageProxy): Promise<Reference[]> {
    const annotations = (await page.getAnnotations({ intent: "display" })) as
      { subtype?: string; rect: [number, number, number, number]; dest?: unknown; url?: string }[];
    const links = annotations.filter((each) => each.subtype === "Link");
    const found = await Promise.all(links.map(async ({ rect, dest, url }) => ({ rect, to: dest ? await this.#place(dest) : outwardOf(url ?? "") })));
    return found.flatMap(({ rect, to }): Reference[] => (to ? [{ rect, to }] : []));
  }

  async outline(): Promise<Chapter[]> {
    // pdf.js answers null where there is none, which its types do not say.
    const nodes = (await this.#doc.getOutline()) as OutlineNode[] | null;
    const left = { count: MOST_CHAPTERS };
    return this.#chapters(nodes ?? [], left, 1);
  }

  async #chapters(nodes: readonly OutlineNode[], left: { count: number }, depth: number): Promise<Chapter[]> {
    const taken = nodes.slice(0, Math.max(0, left.count));
    left.count -= taken.length;
    return Promise.all(taken.map(async (node) => ({
      title: node.title.normalize("NFC").replace(/\s+/g, " ").trim(),
      to: await this.#place(node.dest),
      children: depth < DEEPEST ? await this.#chapters(node.items as OutlineNode[], left, depth + 1) : [],
    })));
  }

  /** Null for what leads nowhere: damaged papers name pages that are not there. */
  async #place(dest: unknown): Promise<Anchor | null> {
    try {
      const explicit = (typeof dest === "string" ? await this.#doc.getDestination(dest) : dest) as Destination | null;
      if (!Array.isArray(explicit)) return null;
      const [target, view, ...numbers] = explicit as unknown as Destination;
      const index = typeof target === "number" ? target : await this.#doc.getPageIndex(target as { num: number; gen: number });
      if (!Number.isInteger(index) || index < 0 || index >= this.#doc.numPages) return null;
      const page = index + 1;
      return { page, fraction: fractionOf(await this.#box(page), view.name ?? "", numbers) };
    } catch {
      return null;
    }
  }
}
