/** Paints one live page: a bitmap of the whole page, and a sharp one over the visible part when zoomed far in. */
import type { Area, PdfDoc } from "./engine.ts";
import { bitmapScale } from "./layout.ts";
import { pixelBudget } from "./memory.ts";

export interface Wanted {
  /** Page size in points, as shown. */
  readonly width: number;
  readonly height: number;
  /** CSS pixels a point. */
  readonly scale: number;
  readonly ratio: number;
  /** The part in the window, in CSS pixels of the page. */
  readonly seen: Area;
}

export class PagePainter {
  readonly #host: HTMLElement;
  readonly #doc: PdfDoc;
  readonly #page: number;
  #whole: { canvas: HTMLCanvasElement; scale: number } | null = null;
  #detail: { canvas: HTMLCanvasElement; scale: number; area: Area } | null = null;
  #painting: { scale: number; done: Promise<void> } | null = null;
  #wholeRun = new AbortController();
  #detailRun = new AbortController();
  #turn = 0;

  constructor(host: HTMLElement, doc: PdfDoc, page: number) {
    this.#host = host;
    this.#doc = doc;
    this.#page = page;
  }

  /** Paints what is missing for `wanted`; what is there stays until the new bitmap is ready. A later call takes over. */
  async paint(wanted: Wanted): Promise<void> {
    const turn = ++this.#turn;
    const scale = bitmapScale(wanted.width, wanted.height, wanted.scale, pixelBudget(), wanted.ratio);
    const sharp = wanted.scale * Math.min(2, wanted.ratio);
    this.#detailRun.abort();
    // A detail of another zoom would lie over the page at the wrong place.
    if (this.#detail && this.#detail.scale !== sharp) this.#dropDetail();
    await this.#needWhole(scale);
    if (turn !== this.#turn) return;
    if (sharp <= scale * 1.1) {
      this.#dropDetail();
      return;
    }
    this.#detailRun = new AbortController();
    await this.#paintDetail(wanted, sharp, this.#detailRun.signal);
  }

  /** Gives the memory back at once. */
  free(): void {
    this.#turn += 1;
    this.#wholeRun.abort();
    this.#detailRun.abort();
    if (this.#whole) release(this.#whole.canvas);
    this.#whole = null;
    this.#dropDetail();
  }

  /** The bitmap at this scale: the one that is there, the one being painted, or a new one. */
  #needWhole(scale: number): Promise<void> {
    const near = (other: number): boolean => Math.abs(other / scale - 1) <= 0.02;
    if (this.#painting) {
      if (near(this.#painting.scale)) return this.#painting.done;
    } else if (this.#whole && near(this.#whole.scale)) return Promise.resolve();
    this.#wholeRun.abort();
    this.#wholeRun = new AbortController();
    const painting = { scale, done: this.#paintWhole(scale, this.#wholeRun.signal) };
    this.#painting = painting;
    const ended = (): void => {
      if (this.#painting === painting) this.#painting = null;
    };
    painting.done.then(ended, ended);
    return painting.done;
  }

  async #paintWhole(scale: number, signal: AbortSignal): Promise<void> {
    const canvas = await this.#draw("whole", scale, signal);
    if (this.#whole) release(this.#whole.canvas);
    this.#whole = { canvas, scale };
    this.#host.prepend(canvas);
  }

  async #paintDetail({ seen, scale, width, height }: Wanted, sharp: number, signal: AbortSignal): Promise<void> {
    const area = pixelArea(seen, sharp / scale, width * sharp, height * sharp);
    if (area.width * area.height === 0) return;
    if (this.#detail && covers(this.#detail.area, area)) return;
    const canvas = await this.#draw("detail", sharp, signal, area);
    const percent = (part: number, all: number): string => `${(part / all) * 100}%`;
    canvas.style.left = percent(area.x, width * sharp);
    canvas.style.top = percent(area.y, height * sharp);
    canvas.style.width = percent(area.width, width * sharp);
    canvas.style.height = percent(area.height, height * sharp);
    this.#dropDetail();
    this.#detail = { canvas, scale: sharp, area };
    this.#host.append(canvas);
  }

  async #draw(name: string, scale: number, signal: AbortSignal, area?: Area): Promise<HTMLCanvasElement> {
    const canvas = document.createElement("canvas");
    canvas.className = name;
    canvas.setAttribute("aria-hidden", "true");
    try {
      await this.#doc.render(this.#page, canvas, scale, signal, area);
      signal.throwIfAborted();
      return canvas;
    } catch (reason) {
      release(canvas);
      throw reason;
    }
  }

  #dropDetail(): void {
    if (this.#detail) release(this.#detail.canvas);
    this.#detail = null;
  }
}

function release(canvas: HTMLCanvasElement): void {
  canvas.remove();
  canvas.width = canvas.height = 0;
}

/** The seen part in pixels of the bitmap, with a third of it around, inside the page. */
function pixelArea(seen: Area, factor: number, pageWidth: number, pageHeight: number): Area {
  const [mx, my] = [seen.width / 6, seen.height / 6];
  const x = Math.max(0, Math.floor((seen.x - mx) * factor));
  const y = Math.max(0, Math.floor((seen.y - my) * factor));
  const right = Math.min(pageWidth, Math.ceil((seen.x + seen.width + mx) * factor));
  const bottom = Math.min(pageHeight, Math.ceil((seen.y + seen.height + my) * factor));
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

function covers(have: Area, want: Area): boolean {
  return have.x <= want.x && have.y <= want.y && have.x + have.width >= want.x + want.width &&
    have.y + have.height >= want.y + want.height;
}
