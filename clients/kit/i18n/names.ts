/** Vietnamese names and words: given name last, order by given name, search without marks. */
import { locale } from "./messages.ts";

/** For avatars: first letters of the last two words, "Phạm Minh Nguyệt" → "MN". */
export function initials(name: string): string {
  const words = name.normalize("NFC").trim().split(/\s+/).filter(Boolean);
  return words.slice(-2).map((word) => word.charAt(0)).join("").toLocaleUpperCase("vi");
}

export function compareText(a: string, b: string): number {
  return new Intl.Collator(locale(), { numeric: true }).compare(a, b);
}

/** Order of people as lists in offices have it: given name, then the whole name. */
export function byGivenName(a: string, b: string): number {
  const given = (name: string): string => name.trim().split(/\s+/).at(-1) ?? "";
  return compareText(given(a), given(b)) || compareText(a, b);
}

/** Lower case without marks, đ as d: "Kế hoạch đầu tư" → "ke hoach dau tu". */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLocaleLowerCase("vi");
}
