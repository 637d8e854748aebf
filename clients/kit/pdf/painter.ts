/** Paints one live page: a bitmap of the whole page, and a sharp one over the visible part when zoomed far in. */
import type { Area, PdfDoc } from "./engine.ts";
import { bitmapScale } from "./layout.ts";
import { pixelBudget, purse as common } from "./memory.ts";
import type { Purse, Tenant } from "./purse.ts";
import { turns as commonTurns, type Turns } from "./turns.ts";

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

interface Bitmap {
  readonly canvas: HTMLCanvasElement;
  readonly scale: number;
}

/** Under a sharp detail the whole page is only what is seen while one scrolls. */
const BACKDROP_PIXELS = 2_000_000;
/** Scales that differ by less look alike. */
const NEAR = 0.02;

export class PagePainter implements Tenant {
  readonly #host: HTMLElement;
  readonly #doc: PdfDoc;
  readonly #page: number;
  readonly #purse: Purse;
  readonly #turns: Turns;
  #whole: Bitmap | null = null;
  #detail: (Bitmap & { readonly area: Area; readonly sharp: number }) | null = null;
  #painting: { scale: number; done: Promise<void> } | null = null;
  #wholeRun = new AbortController();
  #detailRun = new AbortController();
  #turn = 0;
  /** Canvases on which is being drawn and that no field names yet. */
  readonly #underWay = new Set<HTMLCanvasElement>();
  visible = false;

  constructor(host: HTMLElement, doc: PdfDoc, page: number, purse: Purse = common, turns: Turns = commonTurns) {
    this.#host = host;
    this.#doc = doc;
    this.#page = page;
    this.#purse = purse;
    this.#turns = turns;
    purse.enter(this);
  }

  get pixels(): number {
    const held = [this.#whole?.canvas, this.#detail?.canvas, ...this.#underWay];
    return held.reduce((sum, canvas) => sum + (canvas ? canvas.width * canvas.height : 0), 0);
  }

  /** Paints what is missing for `wanted`; what is there stays until the new bitmap is ready. A later call takes over. */
  async paint(wanted: Wanted): Promise<void> {
    const turn = ++this.#turn;
    const { width, height, seen } = wanted;
    this.visible = seen.width * seen.height > 0;
    this.#turns.look();
    const most = bitmapScale(width, height, wanted.scale, pixelBudget(), wanted.ratio);
    const sharp = wanted.scale * Math.min(2, wanted.ratio);
    const near = sharp > most * 1.1;
    this.#detailRun.abort();
    // A detail of another zoom would lie over the page at the wrong place.
    if (this.#detail && this.#detail.sharp !== sharp) this.#dropDetail();
    await this.#needWhole(wanted, near ? Math.min(most, bitmapScale(width, height, most, BACKDROP_PIXELS, 1)) : most, near);
    if (turn !== this.#turn) return;
    if (!near || !this.visible) {
      this.#dropDetail();
      return;
    }
    this.#detailRun = new AbortController();
    await this.#paintDetail(wanted, sharp, this.#detailRun.signal);
  }

  /** Gives the memory back at once. */
  free(): void {
    this.evict();
    this.#purse.leave(this);
  }

  evict(): void {
    this.#turn += 1;
    this.#wholeRun.abort();
    this.#detailRun.abort();
    if (this.#whole) release(this.#whole.canvas);
    this.#whole = null;
    this.#dropDetail();
  }

  /** The bitmap at this scale: the one that is there, the one being painted, or a new one. `orMore`: a larger one will do. */
  #needWhole({ width, height }: Wanted, scale: number, orMore: boolean): Promise<void> {
    const fits = (other: number): boolean => Math.abs(other / scale - 1) <= NEAR || (orMore && other > scale);
    if (this.#painting) {
      if (fits(this.#painting.scale)) return this.#painting.done;
    } else if (this.#whole && fits(this.#whole.scale)) return Promise.resolve();
    const pixels = width * height * scale * scale;
    const granted = this.#purse.grant(pixels, this);
    if (granted === 0) return Promise.resolve();
    this.#wholeRun.abort();
    this.#wholeRun = new AbortController();
    const painting = { scale, done: this.#paintWhole(scale, Math.sqrt(granted / pixels), this.#wholeRun.signal) };
    this.#painting = painting;
    const ended = (): void => {
      if (this.#painting === painting) this.#painting = null;
    };
    painting.done.then(ended, ended);
    return painting.done;
  }

  async #paintWhole(scale: number, less: number, signal: AbortSignal): Promise<void> {
    const canvas = await this.#draw("whole", scale * less, signal);
    if (this.#whole) release(this.#whole.canvas);
    // Kept under the scale that was wanted: asking again for the same would not give more.
    this.#whole = { canvas, scale };
    this.#host.prepend(canvas);
  }

  async #paintDetail({ seen, scale, width, height }: Wanted, sharp: number, signal: AbortSignal): Promise<void> {
    const whole = pixelArea(seen, sharp / scale, width * sharp, height * sharp);
    if (whole.width * whole.height === 0) return;
    if (this.#detail && covers(this.#detail.area, whole)) return;
    const less = Math.sqrt(this.#purse.grant(whole.width * whole.height, this) / (whole.width * whole.height));
    const canvas = await this.#draw("detail", sharp * less, signal, shrunk(whole, less));
    const percent = (part: number, all: number): string => `${(part / all) * 100}%`;
    canvas.style.left = percent(whole.x, width * sharp);
    canvas.style.top = percent(whole.y, height * sharp);
    canvas.style.width = percent(whole.width, width * sharp);
    canvas.style.height = percent(whole.height, height * sharp);
    this.#dropDetail();
    this.#detail = { canvas, scale: sharp * less, area: whole, sharp };
    this.#host.append(canvas);
  }

  async #draw(name: string, scale: number, signal: AbortSignal, area?: Area): Promise<HTMLCanvasElement> {
    const canvas = document.createElement("canvas");
    canvas.className = name;
    canvas.setAttribute("aria-hidden", "true");
    const done = await this.#turns.take(() => (this.visible ? 0 : 2), signal);
    this.#underWay.add(canvas);
    try {
      await this.#doc.render(this.#page, canvas, scale, signal, area);
      signal.throwIfAborted();
      return canvas;
    } catch (reason) {
      release(canvas);
      throw reason;
    } finally {
      done();
      this.#underWay.delete(canvas);
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

/** The seen part in pixels of the bitmap, with a sixth of it around, inside the page. */
function pixelArea(seen: Area, factor: number, pageWidth: number, pageHeight: number): Area {
  const [mx, my] = [seen.width / 12, seen.height / 12];
  const x = Math.max(0, Math.floor((seen.x - mx) * factor));
  const y = Math.max(0, Math.floor((seen.y - my) * factor));
  const right = Math.min(pageWidth, Math.ceil((seen.x + seen.width + mx) * factor));
  const bottom = Math.min(pageHeight, Math.ceil((seen.y + seen.height + my) * factor));
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

function shrunk({ x, y, width, height }: Area, factor: number): Area {
  return { x: x * factor, y: y * factor, width: width * factor, height: height * factor };
}

function covers(have: Area, want: Area): boolean {
  return have.x <= want.x && have.y <= want.y && have.x + have.width >= want.x + want.width &&
    have.y + have.height >= want.y + want.height;
}
