/** The stroke under the pen, on a small canvas of its own over the visible part of the page, drawn at once. */
import { outline } from "./outline.ts";
import type { Point } from "./stroke.ts";

const MAX_RATIO = 2;

/** `points` and `w` are in CSS pixels from the corner of the canvas. */
export class LiveStroke {
  readonly #context: CanvasRenderingContext2D | null;
  readonly #canvas: HTMLCanvasElement;
  #frame = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    // Desynchronized: the canvas goes to the screen without waiting for the page, where the browser can.
    this.#context = canvas.getContext("2d", { desynchronized: true });
  }

  /** Size in CSS pixels; sharp up to twice that. */
  resize(width: number, height: number): void {
    const ratio = Math.min(MAX_RATIO, devicePixelRatio);
    this.#canvas.width = Math.ceil(width * ratio);
    this.#canvas.height = Math.ceil(height * ratio);
    this.#context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** Draws on the next frame; what came before it in the same frame is not drawn twice. */
  draw(points: readonly Point[], w: number, color: string, opacity = 1): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const context = this.#context;
      if (!context) return;
      context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
      context.globalAlpha = opacity;
      context.fillStyle = color;
      context.fill(new Path2D(outline(points, w, false)));
    });
  }

  clear(): void {
    cancelAnimationFrame(this.#frame);
    this.#context?.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** Gives the memory back now, not when the browser gets to it. */
  free(): void {
    cancelAnimationFrame(this.#frame);
    this.#canvas.width = this.#canvas.height = 0;
  }
}
