/** What each tool writes with: colour, width, figure, way of erasing; and whether fingers draw. Remembered on this device. */
import { t } from "@phien/kit/i18n";
import type { FingerRule, InkTool, ShapeKind } from "@phien/kit/ink";

import { INK, type Layer, MARKER, toneOf } from "./marks.ts";

export interface Ink {
  /** "#rrggbb" */
  readonly color: string;
  readonly name: string;
}

/** Place in the palette of the tool; the first colour is the one of the layer. */
interface Pens {
  pen: { colour: number; width: number };
  highlighter: { colour: number };
  shape: { colour: number; width: number; shape: ShapeKind };
  text: { colour: number; size: number };
  eraser: { partial: boolean };
  fingers: FingerRule;
}

/** Of lines and of letters, in points: thin, middle, thick. */
export const WIDTHS: Record<"pen" | "shape", readonly number[]> = { pen: [0.9, 1.6, 3], shape: [1, 2, 4] };
export const SIZES: readonly number[] = [10, 14, 20];

const FRESH: Pens = {
  pen: { colour: 0, width: 1.6 },
  highlighter: { colour: 0 },
  shape: { colour: 0, width: 2, shape: "arrow" },
  text: { colour: 0, size: 14 },
  eraser: { partial: false },
  fingers: "auto",
};
const KEPT = "phien.pens";

/** What was kept, as far as it is still understood. */
export function readPens(storage: Pick<Storage, "getItem">): Pens {
  try {
    const kept = JSON.parse(storage.getItem(KEPT) ?? "{}") as Partial<Pens>;
    return {
      pen: { ...FRESH.pen, ...kept.pen }, highlighter: { ...FRESH.highlighter, ...kept.highlighter }, shape: { ...FRESH.shape, ...kept.shape },
      text: { ...FRESH.text, ...kept.text }, eraser: { ...FRESH.eraser, ...kept.eraser }, fingers: kept.fingers ?? FRESH.fingers,
    };
  } catch {
    return FRESH;
  }
}

class PenCase {
  #now = $state.raw<Pens>(typeof localStorage === "undefined" ? FRESH : readPens(localStorage));

  get now(): Pens {
    return this.#now;
  }

  /** Changes what one tool writes with. */
  set<T extends Exclude<keyof Pens, "fingers">>(tool: T, change: Partial<Pens[T]>): void {
    this.#keep({ ...this.#now, [tool]: { ...this.#now[tool], ...change } });
  }

  set fingers(fingers: FingerRule) {
    this.#keep({ ...this.#now, fingers });
  }

  #keep(pens: Pens): void {
    this.#now = pens;
    localStorage.setItem(KEPT, JSON.stringify(pens));
  }
}

export const pens = new PenCase();

/** Colours of a tool: ink stays dark enough to be read on paper, felt pens light enough to read through. */
export function palette(tool: InkTool | null, layer: Layer): readonly Ink[] {
  if (tool === "highlighter") {
    return [
      { color: MARKER[toneOf(layer)], name: { private: t("Vàng"), group: t("Lục"), shared: t("Cam nhạt") }[toneOf(layer)] },
      { color: "#C5E8B7", name: t("Lục nhạt") }, { color: "#B9DDF4", name: t("Lam nhạt") }, { color: "#F8C8DC", name: t("Hồng nhạt") },
    ];
  }
  return [
    { color: INK[toneOf(layer)], name: { private: t("Tím"), group: t("Lục"), shared: t("Cam") }[toneOf(layer)] },
    { color: "#16181A", name: t("Đen") }, { color: "#1F48A8", name: t("Lam") }, { color: "#B01E28", name: t("Đỏ") }, { color: "#1B6B3C", name: t("Lục") },
  ];
}

/** What the hand writes with now. */
export function inHand(tool: InkTool | null, layer: Layer): { color: string; width: number; size: number; shape: ShapeKind; partial: boolean } {
  const { now } = pens;
  const colours = palette(tool, layer);
  const colour = tool === "pen" || tool === "highlighter" || tool === "shape" || tool === "text" ? now[tool].colour : 0;
  return {
    color: (colours[colour] ?? colours[0])?.color ?? INK[toneOf(layer)],
    width: tool === "shape" ? now.shape.width : now.pen.width,
    size: now.text.size, shape: now.shape.shape, partial: now.eraser.partial,
  };
}
