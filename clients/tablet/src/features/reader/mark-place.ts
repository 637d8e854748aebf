/** Where on its page a mark stands, so that the page can be brought there in one move. */
import { beginOf, type Mark } from "@phien/kit/ink";
import { type Anchor, apply, type PageBox, shownSize, toShown } from "@phien/kit/pdf";

/** The top of the page where the mark is not here (yet). */
export function placeOfMark(mark: Mark | undefined, page: number, box: PageBox | undefined): Anchor {
  if (!mark || !box) return { page, fraction: 0 };
  const at = apply(toShown(box), beginOf(mark.body));
  const size = shownSize(box);
  const share = (value: number): number => Math.min(0.99, Math.max(0.01, value));
  return { page, fraction: share(at.y / size.height), across: share(at.x / size.width) };
}
