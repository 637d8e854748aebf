/** How keys of tablets are told at the desk. */
import { t } from "@phien/kit/i18n";
import type { TabletKey } from "@phien/wire";

/** The beginning of a fingerprint in groups, to be compared by voice with what the tablet shows. */
export function spokenCode(fingerprint: string): string {
  return (fingerprint.slice(0, 12).toUpperCase().match(/.{4}/g) ?? []).join(" · ");
}

export function keyChip(key: TabletKey, now: Date): { tone: "neutral" | "ready" | "wait"; words: string } {
  if (key.state === "valid" && key.valid_until !== null && new Date(key.valid_until) <= now) return { tone: "neutral", words: t("Hết hạn") };
  switch (key.state) {
    case "waiting":
      return { tone: "wait", words: t("Chờ duyệt") };
    case "valid":
      return { tone: "ready", words: t("Dùng được") };
    case "refused":
      return { tone: "neutral", words: t("Không duyệt") };
    case "revoked":
      return { tone: "neutral", words: t("Đã thu hồi") };
    case "replaced":
      return { tone: "neutral", words: t("Đã thay") };
  }
}
