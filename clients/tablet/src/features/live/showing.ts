/** What a presenter's hand sends while it points and draws: merged, at most twenty times a second. No socket. */
import { encodePoints, type Point } from "@phien/kit/ink";
import { newId } from "@phien/kit/net";
import type { XY } from "@phien/kit/pdf";
import type { Draw, Point as Pointing } from "@phien/wire";

const FRAME_MS = 50;
/** A laser that rests is told again, so that who sees it knows that it is still on. */
const AGAIN_MS = 500;
/** Points in one frame, as many as the server takes. */
const MOST = 400;

type Where = Pick<Pointing, "item_id" | "version_id" | "page">;
type Look = Pick<Draw, "color" | "w" | "marker">;

export class Showing {
  #laser: (Where & XY) | null = null;
  #again: ReturnType<typeof setInterval> | null = null;
  #due: ReturnType<typeof setTimeout> | null = null;
  #next = 0;
  #moved = false;
  #stroke: { where: Where; look: Look; id: string; sent: number; waiting: Point[] } | null = null;

  /** Both may be lost. */
  constructor(
    readonly point: (point: Pointing) => void,
    readonly draw: (draw: Draw) => void,
    readonly clock: () => number = () => performance.now(),
  ) {}

  /** The laser is on this place, in user space. */
  pointAt(where: Where, { x, y }: XY): void {
    this.#laser = { ...where, x, y };
    this.#moved = true;
    this.#again ??= setInterval(() => { this.#moved = true; this.#flushSoon(); }, AGAIN_MS);
    this.#flushSoon();
  }
  lift(): void {
    if (this.#again) clearInterval(this.#again);
    this.#again = null;
    if (this.#laser) this.point({ ...this.#laser, on: false });
    this.#laser = null;
    this.#moved = false;
  }

  /** A stroke that all will read has begun. */
  begin(where: Where, look: Look): void {
    this.end(null);
    this.#stroke = { where, look, id: newId(), sent: 0, waiting: [] };
  }
  extend(points: readonly Point[]): void {
    this.#stroke?.waiting.push(...points);
    if (this.#stroke) this.#flushSoon();
  }
  /** It is stored under this id, or (null) dropped. */
  end(annId: string | null): void {
    if (!this.#stroke) return;
    while (this.#stroke.waiting.length > 0) this.#sendStroke();
    this.#sendStroke(annId ?? "");
    this.#stroke = null;
  }

  stop(): void {
    this.end(null);
    this.lift();
    if (this.#due) clearTimeout(this.#due);
    this.#due = null;
  }

  #flushSoon(): void {
    if (this.#due) return;
    const wait = this.#next - this.clock();
    if (wait <= 0) this.#flush();
    else this.#due = setTimeout(() => { this.#due = null; this.#flush(); }, wait);
  }
  #flush(): void {
    this.#next = this.clock() + FRAME_MS;
    if (this.#laser && this.#moved) this.point({ ...this.#laser, on: true });
    this.#moved = false;
    if (this.#stroke && this.#stroke.waiting.length > 0) this.#sendStroke();
  }
  #sendStroke(annId: string | null = null): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    const points = stroke.waiting.splice(0, MOST);
    this.draw({ ...stroke.where, ...stroke.look, stroke: stroke.id, pts: encodePoints(points), after: stroke.sent, ann_id: annId });
    stroke.sent += points.length;
  }
}
