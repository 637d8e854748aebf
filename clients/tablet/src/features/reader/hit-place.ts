/** Where on its page a hit stands, so that the page can be brought there in one move. */
import { type Anchor, apply, find, type Hit, joinText, type PageBox, type PdfDoc, shownSize, toShown } from "@phien/kit/pdf";

/** The top of the page where the words cannot be placed: the file may know them otherwise than the server does. */
export async function placeOfHit(doc: PdfDoc | null, box: PageBox | undefined, hit: Pick<Hit, "page" | "nth">, query: string): Promise<Anchor> {
  const top = { page: hit.page, fraction: 0 };
  if (!doc || !box) return top;
  try {
    const found = find(joinText(await doc.text(hit.page)), query);
    const place = found[Math.min(hit.nth, found.length - 1)];
    const [quad] = place ? await doc.quads(hit.page, place.from, place.to) : [];
    if (!quad) return top;
    const at = apply(toShown(box), { x: quad[0], y: quad[1] });
    const size = shownSize(box);
    return { page: hit.page, fraction: at.y / size.height, across: at.x / size.width };
  } catch {
    return top;
  }
}
