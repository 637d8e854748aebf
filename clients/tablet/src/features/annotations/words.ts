/** The words in what was written: notes and quotes; ink has none. Pure. */
import { t } from "@phien/kit/i18n";
import type { Op } from "@phien/kit/sync";

import { type Layer, toneOf } from "./marks.ts";

export function wordsOf(op: Op): string {
  if (op.kind === "del") return "";
  if (op.body.type === "note" || op.body.type === "text") return op.body.text;
  return op.body.type === "highlight" ? op.body.quote : "";
}

/** What a layer is called, by who reads it; `group` is the name of its group. */
export function layerName(layer: Layer, group = ""): string {
  return { private: t("Riêng tôi"), group: group || t("Nhóm"), shared: t("Mọi người dự") }[toneOf(layer)];
}
