/** Words and shapes for the states of a meeting and for what people do in it. */
import CalendarClock from "@lucide/svelte/icons/calendar-clock";
import CalendarX from "@lucide/svelte/icons/calendar-x-2";
import Check from "@lucide/svelte/icons/check";
import MailCheck from "@lucide/svelte/icons/mail-check";
import PenLine from "@lucide/svelte/icons/pen-line";
import { fold, t } from "@phien/kit/i18n";
import type { Choice, IconType } from "@phien/kit/ui";
import type { Meeting, Participant } from "@phien/wire";

type Tone = "neutral" | "live" | "ready" | "wait" | "line";

/** Chip of a state; the live one has its own pulsing dot. */
export function stateChip(state: Meeting["state"]): { tone: Tone; text: string; icon?: IconType } {
  switch (state) {
    case "draft": return { tone: "line", text: t("Bản thảo"), icon: PenLine };
    case "convened": return { tone: "ready", text: t("Đã gửi giấy mời"), icon: MailCheck };
    case "live": return { tone: "live", text: t("Đang họp") };
    case "ended": return { tone: "neutral", text: t("Đã kết thúc"), icon: Check };
    case "postponed": return { tone: "wait", text: t("Đang hoãn"), icon: CalendarClock };
    case "cancelled": return { tone: "neutral", text: t("Đã hủy"), icon: CalendarX };
  }
}

export function roleChoices(): Choice<Participant["role"]>[] {
  return [
    { value: "chair", label: t("Chủ tọa") },
    { value: "secretary", label: t("Thư ký") },
    { value: "member", label: t("Thành viên") },
    { value: "invitee", label: t("Khách mời") },
  ];
}

export function scopeChoices(): Choice<Participant["scope"]>[] {
  return [
    { value: "attend", label: t("Dự nghe") },
    { value: "speak", label: t("Dự, phát biểu") },
    { value: "vote", label: t("Dự, biểu quyết") },
  ];
}

export function label<T extends string>(choices: readonly Choice<T>[], value: T): string {
  return choices.find((each) => each.value === value)?.label ?? value;
}

/** What may still be done from the list, by state; the server has the last word. */
export function possible(state: Meeting["state"]): { run: boolean; postpone: boolean; cancel: boolean } {
  return {
    run: state === "convened" || state === "live" || state === "ended",
    postpone: state === "convened" || state === "postponed",
    cancel: state === "draft" || state === "convened" || state === "postponed",
  };
}

/** Meetings whose title, place or body has all words of `query`, with or without marks. */
export function matching(meetings: readonly Meeting[], query: string): Meeting[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  return meetings.filter((each) => {
    const text = fold(`${each.title} ${each.place} ${each.body_name} ${each.chair?.name ?? ""}`);
    return words.every((word) => text.includes(word));
  });
}

