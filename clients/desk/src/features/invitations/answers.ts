/** What people did with the giấy mời: counted, worded, filtered. */
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import Check from "@lucide/svelte/icons/check";
import Clock from "@lucide/svelte/icons/clock";
import PenLine from "@lucide/svelte/icons/pen-line";
import UserX from "@lucide/svelte/icons/user-x";
import UsersRound from "@lucide/svelte/icons/users-round";
import { fmtShortDate, fmtTime, t } from "@phien/kit/i18n";
import type { IconType } from "@phien/kit/ui";
import type { Participant } from "@phien/wire";

export type Filter = "all" | "open" | "absent";

export interface Tally {
  accepted: number;
  substitute: number;
  declined: number;
  open: number;
  /** Not yet invited. */
  unsent: number;
}

/** Whether an answer is waited for: the meeting's secretary prepares it and is asked nothing. */
export function waitedFor(participant: Participant): boolean {
  return participant.sent_at !== null && participant.answer === "none" && participant.role !== "secretary";
}

/** Somebody's substitute counts where the substitution was proposed or took place, not twice. */
export function tally(participants: readonly Participant[]): Tally {
  const count = { accepted: 0, substitute: 0, declined: 0, open: 0, unsent: 0 };
  for (const each of participants) {
    if (each.sent_at === null) count.unsent += 1;
    else if (each.answer !== "none") count[each.answer] += 1;
    else if (waitedFor(each)) count.open += 1;
  }
  return count;
}

export function filtered(participants: readonly Participant[], filter: Filter): Participant[] {
  if (filter === "open") return participants.filter(waitedFor);
  if (filter === "absent") return participants.filter((each) => each.answer === "declined" || each.answer === "substitute");
  return [...participants];
}

/** Who still has to do something first, the rest as the list has them. */
export function byNeed(participants: readonly Participant[]): Participant[] {
  const need = (each: Participant): number => (proposes(each, participants) ? 0 : waitedFor(each) ? 1 : 2);
  return [...participants].sort((a, b) => need(a) - need(b) || a.position - b.position);
}

/** Whether a proposed substitute waits for a decision: who was accepted is among the participants. */
export function proposes(participant: Participant, participants: readonly Participant[]): boolean {
  if (participant.answer !== "substitute" || participant.substitute === null) return false;
  return !participants.some((each) => each.substitute_for === participant.id);
}

export function when(moment: string | null): string {
  return moment === null ? "" : `${fmtShortDate(moment)} · ${fmtTime(moment)}`;
}

export interface Shown {
  tone: "neutral" | "ready" | "wait";
  icon: IconType;
  text: string;
  /** Under it: when, or how far the giấy mời has come. */
  under: string;
}

export function answerOf(participant: Participant): Shown {
  const { answer, answered_at: at } = participant;
  if (participant.sent_at === null) return { tone: "neutral", icon: Clock, text: t("Chưa gửi"), under: "" };
  if (answer === "accepted") return { tone: "ready", icon: Check, text: t("Nhận lời"), under: when(at) };
  if (answer === "declined") return { tone: "neutral", icon: UserX, text: t("Vắng, có lý do"), under: when(at) };
  if (answer === "substitute") return { tone: "neutral", icon: UsersRound, text: participant.substitute?.name ?? t("Có người dự thay"), under: when(at) };
  if (participant.role === "secretary") return { tone: "neutral", icon: PenLine, text: t("Thư ký cuộc họp"), under: "" };
  const reached = participant.opened_at ? t("đã mở {time}", { time: when(participant.opened_at) })
    : participant.delivered_at ? t("đã nhận, chưa mở") : mailOf(participant.mail);
  return { tone: "wait", icon: CircleQuestionMark, text: t("Chưa trả lời"), under: reached };
}

export function mailOf(mail: Participant["mail"]): string {
  switch (mail) {
    case "none": return t("chưa nhận");
    case "queued": return t("chưa nhận, thư đang gửi");
    case "sent": return t("chưa nhận, đã gửi thư");
    case "failed": return t("chưa nhận, thư không đến");
  }
}
