/** The presenter's hand on the pages: what of it others see at once. Strokes are watched from outside the ink layer, so
 * that ink itself never waits for the network. */
import type { Figure, InkTool, Point } from "@phien/kit/ink";
import { type PageBox, toUser, type XY } from "@phien/kit/pdf";
import type { Draw } from "@phien/wire";

import type { Layer } from "../annotations/marks.ts";
import type { Showing } from "./showing.ts";
import type { Theatre } from "./theatre.svelte.ts";

/** As wide as the ink layer draws it, in points. */
const HIGHLIGHT_PT = 14;

export type Look = Pick<Draw, "color" | "w" | "marker">;

/** How a stroke looks to others while it is drawn; null: nobody sees it before it is finished, or ever. Only what all
 * will read is shown, never one's own nor a group's. */
export function lookOf(tool: InkTool | null, layer: Layer, ink: { color: string; width: number }): Look | null {
  if (layer !== "shared") return null;
  if (tool === "pen") return { color: ink.color, w: ink.width, marker: false };
  return tool === "highlighter" ? { color: ink.color, w: HIGHLIGHT_PT, marker: true } : null;
}

/** A page as the hand is on it. */
export interface Under {
  readonly page: number;
  readonly box: PageBox;
  readonly scale: number;
}

interface Contact {
  readonly id: number;
  readonly under: Under;
  readonly look: Look;
  /** What came before the ink layer took the stroke up; null once it has. */
  early: Point[] | null;
}

export class StageHand {
  /** The laser is in the hand. */
  laser = $state(false);
  #contact: Contact | null = null;
  #stored: string | null = null;
  /** A figure or words are shown. */
  #figures = false;

  constructor(
    readonly theatre: Theatre,
    readonly showing: Showing,
    readonly item: string,
    readonly version: string,
    readonly presents: () => boolean,
  ) {}

  point(page: number, at: XY | null): void {
    if (at) {
      this.theatre.point({ page, ...at, on: true });
      this.showing.pointAt(this.#where(page), at);
    } else {
      this.theatre.point({ page, x: 0, y: 0, on: false });
      this.showing.lift();
    }
  }

  /** A pointer came down on a page; `look` of a stroke that it might begin. */
  down(event: PointerEvent, under: Under, look: Look | null): void {
    if (this.#contact !== null || look === null || !this.presents()) return;
    this.#contact = { id: event.pointerId, under, look, early: pointsOf(event, under, look) };
  }
  move(event: PointerEvent): void {
    const contact = this.#contact;
    if (contact?.id !== event.pointerId) return;
    const points = pointsOf(event, contact.under, contact.look);
    if (contact.early) contact.early.push(...points);
    else this.showing.extend(points);
  }
  /** The ink layer has a stroke under way, or not any more. */
  busy(now: boolean): void {
    const contact = this.#contact;
    if (!contact) return;
    if (!now) this.#end();
    else if (contact.early) {
      this.#stored = null;
      this.showing.begin(this.#where(contact.under.page), contact.look);
      this.showing.extend(contact.early);
      contact.early = null;
    }
  }
  /** A figure or words under way on a page as they stand now; null: they are stored by now, or were given up. Only what
   * all will read is shown. */
  figure(page: number, figure: Figure | null, layer: Layer): void {
    if (figure && layer === "shared" && this.presents()) {
      if (!this.#figures) this.#stored = null;
      this.#figures = true;
      this.showing.figure(this.#where(page), figure);
    } else if (this.#figures) {
      this.#figures = false;
      this.#end();
    }
  }
  /** What the stroke or figure became, before it ends. */
  stored(id: string): void {
    this.#stored = id;
  }

  stop(): void {
    this.#contact = null;
    this.#figures = false;
    this.showing.stop();
  }

  #end(): void {
    this.showing.end(this.#stored);
    this.#contact = null;
    this.#stored = null;
  }
  #where(page: number): { item_id: string; version_id: string; page: number } {
    return { item_id: this.item, version_id: this.version, page };
  }
}

function pointsOf(event: PointerEvent, under: Under, look: Look): Point[] {
  const page = (event.target as Element).closest("[data-page]")?.getBoundingClientRect();
  if (!page) return [];
  const all = event.type === "pointermove" ? event.getCoalescedEvents() : [];
  return (all.length > 0 ? all : [event]).map((each) => ({
    ...toUser(under.box, { x: each.clientX - page.left, y: each.clientY - page.top }, under.scale),
    p: !look.marker && each.pointerType === "pen" && each.pressure > 0 ? each.pressure : 0.5,
  }));
}
