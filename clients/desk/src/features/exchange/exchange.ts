/** Papers that go to other bodies over the axis and come from them, in words. Pure. */
import CircleAlert from "@lucide/svelte/icons/circle-alert";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import Clock from "@lucide/svelte/icons/clock";
import Send from "@lucide/svelte/icons/send";
import ShieldCheck from "@lucide/svelte/icons/shield-check";
import ShieldX from "@lucide/svelte/icons/shield-x";
import Undo2 from "@lucide/svelte/icons/undo-2";
import { fmtDateTime, t } from "@phien/kit/i18n";
import type { IconType } from "@phien/kit/ui";
import type { Outgoing, Received, Sent } from "@phien/wire";

export interface Told {
  readonly text: string;
  readonly tone: "neutral" | "ready" | "wait" | "live-soft";
  readonly icon: IconType;
}

/** Where a package stands, by what the axis and then the recipient said last. */
export function sentChip(state: Outgoing["state"]): Told {
  switch (state) {
    case "queued": return { text: t("Chờ lên trục"), tone: "wait", icon: Clock };
    case "failed": return { text: t("Chưa gửi được"), tone: "live-soft", icon: CircleAlert };
    case "sent": return { text: t("Đã lên trục"), tone: "neutral", icon: Send };
    case "arrived": return { text: t("Đã đến"), tone: "neutral", icon: Send };
    case "received": return { text: t("Đã tiếp nhận"), tone: "ready", icon: CircleCheck };
    case "assigned": return { text: t("Chờ phân công"), tone: "ready", icon: CircleCheck };
    case "working": return { text: t("Đang xử lý"), tone: "ready", icon: CircleCheck };
    case "done": return { text: t("Đã hoàn thành"), tone: "ready", icon: CircleCheck };
    case "refused": return { text: t("Bị trả lại"), tone: "live-soft", icon: Undo2 };
    case "recalled": return { text: t("Đã thu hồi"), tone: "neutral", icon: Undo2 };
  }
}

/** What is to be known of a package beside its state: why it is not there, or what the recipient wrote. */
export function sentNote(one: Pick<Sent, "attempts" | "due_at" | "remarks" | "state">): string {
  if (one.state === "queued" && one.attempts > 0 && one.due_at !== null) {
    return t("{why} Đã thử {count} lần, thử lại lúc {time}.", { why: one.remarks === "" ? "" : `${one.remarks}.`, count: one.attempts, time: fmtDateTime(one.due_at) }).trim();
  }
  return one.state === "failed" || one.state === "refused" ? one.remarks : "";
}

/** What the check of authenticity and integrity found. */
export function verdictChip(verdict: Received["verdict"]): Told {
  switch (verdict) {
    case "valid": return { text: t("Hợp lệ"), tone: "ready", icon: ShieldCheck };
    case "invalid": return { text: t("Không hợp lệ"), tone: "live-soft", icon: ShieldX };
    case "unclear": return { text: t("Chưa xác định"), tone: "wait", icon: CircleQuestionMark };
  }
}

/** What the clerk has said to it. */
export function answerWords(one: Pick<Received, "answer">): string {
  switch (one.answer) {
    case "received": return t("Đã tiếp nhận");
    case "refused": return t("Đã trả lại");
    case "": return t("Chờ tiếp nhận");
  }
}

/** Number and symbol out of a paper's code, "000.00.00.H99,2026/11/22,15/GM-UBND". */
export function symbolOf(documentId: string): string {
  return documentId.split(",").slice(2).join(",");
}

/** What waits for an answer first, then the newest. */
export function inOrder(incoming: readonly Received[]): Received[] {
  const waits = (one: Received): number => one.answer ? 1 : 0;
  return [...incoming].sort((a, b) => waits(a) - waits(b) || b.arrived_at.localeCompare(a.arrived_at));
}
