/** What can be done with a whole meeting, as menu lines. */
import CalendarClock from "@lucide/svelte/icons/calendar-clock";
import CalendarX from "@lucide/svelte/icons/calendar-x-2";
import Copy from "@lucide/svelte/icons/copy";
import Play from "@lucide/svelte/icons/play";
import { t } from "@phien/kit/i18n";
import type { MenuItem } from "@phien/kit/ui";
import type { Meeting } from "@phien/wire";

import { router } from "../../router.ts";
import { possible } from "./states.ts";

export type MeetingAct = "copy" | "postpone" | "cancel";

export function meetingMenu(meeting: Meeting, ask: (act: MeetingAct) => void): MenuItem[] {
  const can = possible(meeting.state);
  const items: MenuItem[] = [];
  if (can.run) items.push({ label: t("Điều hành phiên họp"), icon: Play, onselect: () => { router.go("live", { meeting: meeting.id }); } });
  items.push({ label: t("Sao chép cuộc họp"), icon: Copy, onselect: () => { ask("copy"); } });
  if (can.postpone) items.push({ label: t("Hoãn cuộc họp"), icon: CalendarClock, onselect: () => { ask("postpone"); } });
  if (can.cancel) items.push({ label: t("Hủy cuộc họp"), icon: CalendarX, final: true, onselect: () => { ask("cancel"); } });
  return items;
}
