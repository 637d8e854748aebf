/** How many pixels a page may cost on this device: fewer for ever after the app once died while it showed pages. */

import { LOW_TOTAL_PIXELS, Purse, TOTAL_PIXELS } from "./purse.ts";

/** Below what iPads give to one canvas, and five of them below what they give to all. */
export const MAX_PIXELS = 5_242_880;
export const LOW_PIXELS = 3_000_000;
const SHOWING = "phien.pdf.showing";
const LOW = "phien.pdf.low-memory";

/** Pixels for one bitmap. */
export function pixelBudget(storage: Storage = localStorage): number {
  return storage.getItem(LOW) === null ? MAX_PIXELS : LOW_PIXELS;
}

/** All pages of all papers on screen pay out of this one. */
export const purse = new Purse(() => (pixelBudget() === MAX_PIXELS ? TOTAL_PIXELS : LOW_TOTAL_PIXELS));

/**
 * Leaves a mark while pages are on screen. A mark that is still there at the next start means that the browser killed
 * the app under the reader; going to the background or closing takes it away. Answers with the end of the watch.
 */
export function watchForCrash(storage: Storage = localStorage): () => void {
  if (storage.getItem(SHOWING) !== null) storage.setItem(LOW, "1");
  const mark = (): void => {
    if (document.visibilityState === "visible") storage.setItem(SHOWING, "1");
    else storage.removeItem(SHOWING);
  };
  const clear = (): void => { storage.removeItem(SHOWING); };
  mark();
  document.addEventListener("visibilitychange", mark);
  addEventListener("pagehide", clear);
  return () => {
    document.removeEventListener("visibilitychange", mark);
    removeEventListener("pagehide", clear);
    clear();
  };
}
