/** Marks that came with a paper's file: found page by page, and left out of the drawing where they are not wanted. */
import type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist/legacy/build/pdf.mjs";

/** What people put on a paper. Links, form fields, signatures and stamps are the paper's own and always stay. */
const MARKS = new Set([
  "Text", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline", "Squiggly", "StrikeOut", "Caret",
  "Ink", "Popup",
]);

export class FileMarks {
  #heard: (() => void) | null = null;
  #found = false;
  readonly #doc: PDFDocumentProxy;
  readonly #pages = new Map<number, Promise<string[]>>();

  constructor(doc: PDFDocumentProxy) {
    this.#doc = doc;
  }

  /** Heard once, when a page that is drawn has some; at once where one had already. */
  get onfound(): (() => void) | null {
    return this.#heard;
  }
  set onfound(heard: (() => void) | null) {
    this.#heard = heard;
    if (this.#found) heard?.();
  }

  /** Looks at a page before it is drawn; `hide`: its marks are left out. Answers whether any are. */
  async prepare(page: PDFPageProxy, hide: boolean): Promise<boolean> {
    const ids = await this.of(page);
    if (ids.length > 0 && !this.#found) {
      this.#found = true;
      this.#heard?.();
    }
    // pdf.js knows of its own marks only that one may be unseen: what is set here counts where it is asked to heed it.
    if (hide) for (const id of ids) this.#doc.annotationStorage.setValue(id, { noView: true });
    return hide && ids.length > 0;
  }

  of(page: PDFPageProxy): Promise<string[]> {
    let ids = this.#pages.get(page.pageNumber);
    if (!ids) {
      // A page whose annotations cannot be read is drawn all the same.
      ids = page.getAnnotations({ intent: "display" }).then(marksIn, () => []);
      this.#pages.set(page.pageNumber, ids);
    }
    return ids;
  }
}

function marksIn(annotations: { id: string; subtype?: string }[]): string[] {
  return annotations.filter(({ subtype }) => subtype !== undefined && MARKS.has(subtype)).map(({ id }) => id);
}
