/** One's own notes that a new version of the paper left without a place: what they are, and how they get one. Pure. */
import { boundsOf, moved, pointsOf } from "@phien/kit/ink";
import { t } from "@phien/kit/i18n";
import type { PageBox, XY } from "@phien/kit/pdf";
import type { Shown } from "@phien/kit/sync";
import type { Annotation, Put } from "@phien/wire";

/** A note that waits; `stream` is the one it lives in. */
export interface Unplaced {
  readonly stream: string;
  readonly shared: boolean;
  readonly note: Annotation;
  /** Where it was written. */
  readonly from: { readonly version: string; readonly page: number };
}

export function unplaced(stream: string, shown: readonly Shown[], me: string): Unplaced[] {
  return shown.flatMap((note) =>
    note.carried?.waiting && note.owner_id === me
      ? [{ stream, shared: !stream.startsWith("p:"), note, from: { version: note.carried.version_id, page: note.carried.page } }]
      : []);
}

/** What it is called in a list: its own words, else its kind. */
export function nameOf({ body }: Pick<Annotation, "body">): string {
  switch (body.type) {
    case "note":
    case "text":
      return body.text.trim() || t("Ghi chú");
    case "highlight":
      return body.quote.trim() ? `“${body.quote.trim()}”` : t("Đoạn đánh dấu");
    case "shape":
      return t("Hình vẽ");
    default:
      return body.marker ? t("Nét tô") : t("Nét bút");
  }
}

/** The operation that puts it on a page: where it was, or with its middle at `at`. */
export function putAt({ note }: Unplaced, opId: string, page: number, at?: { place: XY; box: PageBox }): Put {
  return { kind: "put", op_id: opId, ann_id: note.id, base_rev: note.rev, page, body: at ? atPlace(note.body, at.place, at.box) : note.body };
}

function atPlace(body: Annotation["body"], place: XY, box: PageBox): Annotation["body"] {
  const bounds = boundsOf(pointsOf(body, box));
  if (!bounds) return body;
  const middle = { x: (bounds.left + bounds.right) / 2, y: (bounds.bottom + bounds.top) / 2 };
  return moved(body, { x: place.x - middle.x, y: place.y - middle.y }) as Annotation["body"];
}
