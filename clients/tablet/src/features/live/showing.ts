/** What a presenter's hand sends while it points and draws: merged, at most twenty times a second. No socket. */
import { encodePoints, type Figure, type Point } from "@phien/kit/ink";
import { newId } from "@phien/kit/net";
import type { XY } from "@phien/kit/pdf";
import type { Draw, Point as Pointing } from "@phien/wire";

const FRAME_MS = 50;
/** A laser that rests is told again, so that who sees it knows that it is still on. */
const AGAIN_MS = 500;
/** So are words while one thinks: those who see them forget what is silent for longer. */
const FIGURE_AGAIN_MS = 2_000;
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
  /** The figure is not what was sent last. */
  #changed = false;
  #stroke: { where: Where; look: Look; id: string; sent: number; waiting: Point[]; figure: Figure | null } | null = null;
  #figureAgain: ReturnType<typeof setInterval> | null = null;

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
    this.#stroke = { where, look, id: newId(), sent: 0, waiting: [], figure: null };
  }
  /** A figure or words that all will read, as they stand now; the first begins them. */
  figure(where: Where, figure: Figure): void {
    if (!this.#figureAgain) {
      this.begin(where, { color: figure.color, w: figure.type === "shape" ? figure.w : 1, marker: false });
      this.#figureAgain = setInterval(() => { this.#changed = true; this.#flushSoon(); }, FIGURE_AGAIN_MS);
    }
    if (this.#stroke) this.#stroke.figure = figure;
    this.#changed = true;
    this.#flushSoon();
  }
  extend(points: readonly Point[]): void {
    this.#stroke?.waiting.push(...points);
    if (this.#stroke) this.#flushSoon();
  }
  /** It is stored under this id, or (null) dropped. */
  end(annId: string | null): void {
    if (this.#figureAgain) clearInterval(this.#figureAgain);
    this.#figureAgain = null;
    this.#changed = false;
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
    if (this.#stroke && (this.#changed || this.#stroke.waiting.length > 0)) this.#sendStroke();
    this.#changed = false;
  }
  #sendStroke(annId: string | null = null): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    const points = stroke.waiting.splice(0, MOST);
    const { figure } = stroke;
    this.draw({
      ...stroke.where, ...stroke.look, stroke: stroke.id, pts: encodePoints(points), after: stroke.sent, ann_id: annId, ...(figure ? { figure: said(figure) } : {}),
    });
    stroke.sent += points.length;
  }
}

/** With every field said, as the server has it. */
function said(figure: Figure): NonNullable<Draw["figure"]> {
  return figure.type === "text" ? { fork_of: null, ...figure } : figure;
}
