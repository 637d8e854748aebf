/** Whose tablets are ready for a meeting, whose are not and why, who has not answered. Pure. */
import { compareText, t } from "@phien/kit/i18n";
import type { Participant, Ready, ReadyCheck } from "@phien/wire";

export interface Tested {
  readonly participant: Participant;
  readonly state: "ready" | "lacking" | "silent";
  /** What stands in the way, in words. */
  readonly lacks: readonly string[];
  /** When their best device was tested. */
  readonly at: string | null;
}

/**
 * Everybody who was invited and did not decline; one ready device is enough. Who lacks something comes first, then who
 * was not heard.
 */
export function tested(participants: readonly Participant[], devices: readonly Ready[]): Tested[] {
  const RANK = { lacking: 0, silent: 1, ready: 2 };
  return participants.filter((each) => each.sent_at !== null && each.answer !== "declined").map((participant): Tested => {
    const own = devices.filter((each) => each.person_id === participant.person.id).sort((a, b) => Number(b.ready) - Number(a.ready) || b.at.localeCompare(a.at));
    const [best] = own;
    if (!best) return { participant, state: "silent", lacks: [], at: null };
    return { participant, state: best.ready ? "ready" : "lacking", lacks: best.ready ? [] : best.checks.filter((check) => !check.ok).map(lack).filter((each) => each !== ""), at: best.at };
  }).sort((a, b) => RANK[a.state] - RANK[b.state] || compareText(a.participant.person.name, b.participant.person.name));
}

/** Why a tablet is not ready; empty for what is only told. */
export function lack({ what, have, need }: ReadyCheck): string {
  switch (what) {
    case "papers": return t("thiếu {count} tài liệu", { count: Math.max(1, need - have) });
    case "space": return t("máy hết chỗ");
    case "version": return t("ứng dụng cũ");
    case "clock": return t("đồng hồ lệch");
    case "sign_in": return t("sắp hết hạn đăng nhập");
    case "lease": return t("hạn đọc không mạng hết trước giờ họp xong");
    case "lock": return t("chưa đặt mã mở khi mất mạng");
    case "lasting":
    case "pen": return "";
  }
}
