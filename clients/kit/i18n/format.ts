/** Dates, times, sizes and numbers: always Asia/Ho_Chi_Minh, 24 hours, comma as the decimal sign in Vietnamese. */
import { locale, t } from "./messages.ts";

const ZONE = "Asia/Ho_Chi_Minh";
/** The zone has no summer time, so its offset is a constant. */
const OFFSET_MS = 7 * 3_600_000;
const MINUTE_MS = 60_000;
const KB = 1000;

/** An instant: a Date, milliseconds since 1970, or an ISO text with zone as the server sends it. */
export type Instant = Date | number | string;

const cache = new Map<string, Intl.DateTimeFormat>();

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const tag = locale() === "vi" ? "vi-VN" : "en-GB";
  const key = tag + JSON.stringify(options);
  let made = cache.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(tag, { timeZone: ZONE, ...options });
    cache.set(key, made);
  }
  return made;
}

function parts(at: Instant): Record<string, string> {
  const format = dateFormat({
    year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  return Object.fromEntries(format.formatToParts(new Date(at)).map((part) => [part.type, part.value]));
}

/** "08:00" */
export function fmtTime(at: Instant): string {
  const { hour, minute } = parts(at);
  return `${hour ?? ""}:${minute ?? ""}`;
}

/** "08:41:07", for receipts and signatures. */
export function fmtClock(at: Instant): string {
  return `${fmtTime(at)}:${parts(at).second ?? ""}`;
}

/** "27/11" */
export function fmtShortDate(at: Instant): string {
  const { day, month } = parts(at);
  return `${day ?? ""}/${month ?? ""}`;
}

/** "27/11/2026" */
export function fmtDate(at: Instant): string {
  return `${fmtShortDate(at)}/${parts(at).year ?? ""}`;
}

/** "Thứ Sáu" */
export function fmtWeekday(at: Instant): string {
  return dateFormat({ weekday: "long" }).format(new Date(at));
}

/** "Thứ Sáu, 27/11/2026" */
export function fmtDay(at: Instant): string {
  return `${fmtWeekday(at)}, ${fmtDate(at)}`;
}

/** "Thứ Sáu, 27/11/2026 · 08:00" */
export function fmtDateTime(at: Instant): string {
  return `${fmtDay(at)} · ${fmtTime(at)}`;
}

export function sameDay(a: Instant, b: Instant): boolean {
  return fmtDate(a) === fmtDate(b);
}

/** "còn 6:18" for the time left in milliseconds; never below zero. */
export function fmtLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return t("còn {time}", { time: clock });
}

/** "8.420" and "6,3" in Vietnamese. */
export function fmtNumber(value: number, maximumFractionDigits = 1): string {
  return new Intl.NumberFormat(locale() === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits }).format(value);
}

/** "512 B", "340 KB", "28,4 MB": number and unit never part (no-break space). */
export function fmtBytes(bytes: number): string {
  let value = bytes;
  let unit = "B";
  for (const next of ["KB", "MB", "GB"]) {
    if (value < KB) break;
    value /= KB;
    unit = next;
  }
  const digits = unit === "B" || unit === "KB" ? 0 : 1;
  return `${fmtNumber(value, digits)}\u00a0${unit}`;
}

/** Value of `<input type="datetime-local">` for an instant, in our zone whatever the zone of the machine. */
export function toLocalInput(at: Instant): string {
  return new Date(new Date(at).getTime() + OFFSET_MS).toISOString().slice(0, 16);
}

/** The instant (ISO, UTC) of a `datetime-local` value; null when it is empty or not a time. */
export function fromLocalInput(value: string): string | null {
  const ms = Date.parse(`${value}Z`);
  if (Number.isNaN(ms)) return null;
  return new Date(Math.floor((ms - OFFSET_MS) / MINUTE_MS) * MINUTE_MS).toISOString();
}
