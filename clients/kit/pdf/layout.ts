/** Where the pages lie in the list, which of them are alive, and how a place in the paper survives any change. */
import { type PageBox, shownSize } from "./geometry.ts";

/** A place in the paper: page from 1, and how far down (and right) in it, 0 to 1; a little beyond means the gap. */
export interface Anchor {
  readonly page: number;
  readonly fraction: number;
  readonly across?: number;
}

export interface Slot {
  readonly page: number;
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
  /** CSS pixels a point. */
  readonly scale: number;
}

export interface Layout {
  readonly slots: readonly Slot[];
  readonly width: number;
  readonly height: number;
}

export interface Frame {
  /** Width of the window in CSS pixels. */
  readonly width: number;
  /** 1 = the page fills the width. */
  readonly zoom: number;
  readonly gap: number;
  /** Empty edge at each side. */
  readonly edge: number;
  /** A page at zoom 1 is at most this wide. */
  readonly maxWidth: number;
}

export const MIN_ZOOM = 0.5;
export const MAX_ZOOM = 6;
export const MAX_LIVE = 5;

/** Every page fits the width by itself, so that a wide table among upright pages is as readable as they can make it. */
export function layOut(boxes: readonly PageBox[], frame: Frame): Layout {
  const fit = Math.max(1, Math.min(frame.maxWidth, frame.width - 2 * frame.edge)) * frame.zoom;
  const width = Math.max(frame.width, fit + 2 * frame.edge);
  let top = frame.gap;
  const slots = boxes.map((box, index): Slot => {
    const size = shownSize(box);
    const scale = fit / size.width;
    const slot = { page: index + 1, top, left: (width - fit) / 2, width: fit, height: size.height * scale, scale };
    top += slot.height + frame.gap;
    return slot;
  });
  return { slots, width, height: top };
}

/** The page at height `y`: the one that covers it or, in a gap, the one before. */
export function slotAt(layout: Layout, y: number): Slot | undefined {
  let [low, high] = [0, layout.slots.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((layout.slots[middle]?.top ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return layout.slots[low];
}

/** The place in the paper at (x, y) of the list. */
export function anchorAt(layout: Layout, x: number, y: number): Anchor {
  const slot = slotAt(layout, y);
  if (!slot) return { page: 1, fraction: 0, across: 0 };
  return { page: slot.page, fraction: (y - slot.top) / slot.height, across: (x - slot.left) / slot.width };
}

/** Where in the list a place lies. Pages that do not exist are taken as the nearest. */
export function pointOf(layout: Layout, { page, fraction, across = 0 }: Anchor): { x: number; y: number } {
  const slot = layout.slots[Math.min(layout.slots.length, Math.max(1, page)) - 1];
  if (!slot) return { x: 0, y: 0 };
  return { x: slot.left + across * slot.width, y: slot.top + fraction * slot.height };
}

/** Pages in the window. */
export function inWindow(layout: Layout, top: number, height: number): Slot[] {
  return layout.slots.filter((slot) => slot.top < top + height && slot.top + slot.height > top);
}

/** Pages to keep alive: those in the window and one at each side, at most `most`, the nearest to the middle first. */
export function alive(layout: Layout, top: number, height: number, most: number = MAX_LIVE): number[] {
  const seen = inWindow(layout, top, height).map((slot) => slot.page);
  const first = seen[0] ?? slotAt(layout, top)?.page;
  const last = seen.at(-1) ?? first;
  if (first === undefined || last === undefined) return [];
  const middle = top + height / 2;
  return layout.slots
    .slice(Math.max(0, first - 2), last + 1)
    .sort((a, b) => distance(a, middle) - distance(b, middle))
    .slice(0, most)
    .map((slot) => slot.page)
    .sort((a, b) => a - b);
}

function distance(slot: Slot, y: number): number {
  return Math.max(slot.top - y, y - slot.top - slot.height, 0);
}

/** The page a reader is on: the one that covers the line a third down the window. */
export function currentPage(layout: Layout, top: number, height: number): number {
  return slotAt(layout, top + height / 3)?.page ?? 1;
}

/** Pixels a point for a bitmap of `width`×`height` points: as sharp as the screen up to `maxPixels` in all. */
export function bitmapScale(width: number, height: number, scale: number, maxPixels: number, ratio: number): number {
  return Math.min(scale * Math.min(2, ratio), Math.sqrt(maxPixels / (width * height)));
}
