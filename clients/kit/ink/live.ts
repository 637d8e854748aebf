/** The stroke under the pen, on a small canvas of its own over the visible part of the page, drawn at once.
 * What is finished of it is kept as paths; a move clears and draws only where the tail is. */
import { boundsOf, type Bounds } from "./bounds.ts";
import { outlinePath } from "./outline.ts";
import type { Point } from "./stroke.ts";
import { StrokeTail } from "./tail.ts";

const MAX_RATIO = 2;

interface Drawn {
  readonly path: Path2D;
  readonly bounds: Bounds;
}

/** `points` and `w` are in CSS pixels from the corner of the canvas. */
export class LiveStroke {
  readonly #context: CanvasRenderingContext2D | null;
  readonly #canvas: HTMLCanvasElement;
  #stroke = new StrokeTail();
  #finished: Drawn[] = [];
  #ahead: readonly Point[] = [];
  #w = 1;
  #frame = 0;
  /** What the last tail covered. */
  #dirty: Bounds | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    // Desynchronized: the canvas goes to the screen without waiting for the page, where the browser can.
    this.#context = canvas.getContext("2d", { desynchronized: true });
  }

  /** A new stroke on a canvas of this size in CSS pixels; sharp up to twice that. A highlighter is seen through. */
  begin(size: { width: number; height: number }, w: number, color: string, opacity = 1): void {
    cancelAnimationFrame(this.#frame);
    this.#stroke = new StrokeTail();
    this.#finished = [];
    this.#ahead = [];
    this.#dirty = null;
    this.#w = w;
    const ratio = Math.min(MAX_RATIO, devicePixelRatio);
    this.#canvas.width = Math.ceil(size.width * ratio);
    this.#canvas.height = Math.ceil(size.height * ratio);
    // The whole canvas is seen through and not the paint: pieces overlap, and the overlap must not be darker.
    this.#canvas.style.opacity = String(opacity);
    this.#context?.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (this.#context) this.#context.fillStyle = color;
  }

  add(points: readonly Point[]): void {
    this.#stroke.add(points);
    this.#ahead = [];
    this.#ask();
  }

  /** The browser's guess of what comes next: drawn, so that the line keeps up with the tip, and never kept. */
  guess(points: readonly Point[]): void {
    this.#ahead = points;
    this.#ask();
  }

  /** Draws on the next frame, however many moves come before it. */
  #ask(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => { this.#frame = 0; this.#draw(); });
  }

  #draw(): void {
    const context = this.#context;
    if (!context) return;
    for (const piece of this.#stroke.pieces.slice(this.#finished.length)) {
      this.#finished.push({ path: outlinePath(piece.points, this.#w), bounds: piece.bounds });
    }
    const tail = this.#stroke.tail(this.#ahead);
    const now = this.#around(tail);
    const redo = joined(this.#dirty, now);
    this.#dirty = now;
    if (!redo) return;
    context.save();
    context.beginPath();
    context.rect(redo.left, redo.bottom, redo.right - redo.left, redo.top - redo.bottom);
    context.clip();
    context.clearRect(redo.left, redo.bottom, redo.right - redo.left, redo.top - redo.bottom);
    for (const piece of this.#finished) if (meet(piece.bounds, redo, this.#w)) context.fill(piece.path);
    context.fill(outlinePath(tail, this.#w, false));
    context.restore();
  }

  #around(points: readonly Point[]): Bounds | null {
    const box = boundsOf(points);
    const more = this.#w + 2;
    return box && { left: box.left - more, bottom: box.bottom - more, right: box.right + more, top: box.top + more };
  }

  clear(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#context?.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  /** Gives the memory back now, not when the browser gets to it. */
  free(): void {
    cancelAnimationFrame(this.#frame);
    this.#canvas.width = this.#canvas.height = 0;
  }
}

function joined(a: Bounds | null, b: Bounds | null): Bounds | null {
  if (!a || !b) return a ?? b;
  return {
    left: Math.min(a.left, b.left), bottom: Math.min(a.bottom, b.bottom),
    right: Math.max(a.right, b.right), top: Math.max(a.top, b.top),
  };
}

function meet(a: Bounds, b: Bounds, more: number): boolean {
  return a.left - more < b.right && a.right + more > b.left && a.bottom - more < b.top && a.top + more > b.bottom;
}
