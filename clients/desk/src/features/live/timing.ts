/** Time of an item and of the sitting, as the desk shows it. */
import { t } from "@phien/kit/i18n";

/** "13:42", with hours from the first one on: "1:03:20". Never below zero. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export interface Pace {
  spent: string;
  /** 0 to 1 of the planned minutes. */
  share: number;
  /** "còn 6:18" or "quá 2:05". */
  rest: string;
  over: boolean;
}

/** How an item stands that began at `since` (ISO) and is planned for `minutes`. */
export function pace(since: string | null, minutes: number, now: number): Pace {
  const spent = since === null ? 0 : Math.max(0, now - Date.parse(since));
  const planned = minutes * 60_000;
  const over = spent > planned;
  const time = clock(Math.abs(planned - spent));
  return { spent: clock(spent), share: planned > 0 ? Math.min(1, spent / planned) : 1, over, rest: over ? t("quá {time}", { time }) : t("còn {time}", { time }) };
}
