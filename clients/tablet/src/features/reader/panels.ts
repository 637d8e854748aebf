/** How a reader has set up the screen: which panel is open, in what form the paper is read, and the way back. */
import { t } from "@phien/kit/i18n";

import type { Trail } from "./trail.ts";

export type Panel = "layers" | "find" | "contents" | "waiting";

export interface Desk {
  /** Beside the pages, in landscape. */
  pane: Panel | null;
  /** Over the pages, in portrait. */
  sheet: Panel | null;
  asText: boolean;
  trail: Trail;
}

export const PANELS: Record<Panel, () => string> = {
  layers: () => t("Lớp ghi chú"),
  find: () => t("Tìm trong tài liệu"),
  contents: () => t("Mục lục"),
  waiting: () => t("Ghi chú cần đặt lại"),
};

const LAYERS = "phien.layers";

/** The layers stand beside the pages as they were left; other panels are opened by a touch. */
export function restingPane(storage: Storage = localStorage): Panel | null {
  return storage.getItem(LAYERS) === "off" ? null : "layers";
}

/** Opens a panel or closes it; closing one brings back what rests there. Remembers whether the layers do. */
export function toggled(now: Panel | null, panel: Panel, storage: Storage = localStorage): Panel | null {
  if (panel === "layers") {
    const next = now === "layers" ? null : "layers";
    storage.setItem(LAYERS, next === null ? "off" : "on");
    return next;
  }
  return now === panel ? restingPane(storage) : panel;
}
