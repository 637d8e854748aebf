/** The keys of a body in words: where each lies, and how it stands. Pure. */
import { fmtDate, t } from "@phien/kit/i18n";
import type { BodyKey } from "@phien/wire";

/** So long before its end a certificate is spoken of: a new one takes weeks to get. */
const SOON_MS = 45 * 24 * 3_600_000;

export interface KeyStand {
  readonly state: "there" | "ending" | "over" | "away";
  readonly words: string;
}

/** Worst first: what has ended signs nothing, and what is away cannot; then what is about to end. */
export function keyStand(key: Pick<BodyKey, "reachable" | "valid_from" | "valid_until">, at: number): KeyStand {
  if (Date.parse(key.valid_until) <= at) return { state: "over", words: t("Chứng thư hết hạn") };
  if (Date.parse(key.valid_from) > at) return { state: "over", words: t("Chứng thư chưa có hiệu lực") };
  if (!key.reachable) return { state: "away", words: t("Chưa liên lạc được") };
  if (Date.parse(key.valid_until) - at < SOON_MS) return { state: "ending", words: t("Hết hạn {date}", { date: fmtDate(key.valid_until) }) };
  return { state: "there", words: t("Sẵn sàng") };
}

/** Why a key is away; the server's sentence begins with what was not done, and here nothing was to be. */
export function whyAway(why: string): string {
  const said = why.replace(/^[^:.]{1,40}: /, "");
  return said.charAt(0).toLocaleUpperCase("vi") + said.slice(1);
}

export function keptWords(key: Pick<BodyKey, "kept" | "name" | "place">): string {
  switch (key.kept) {
    case "file": return t("tệp khóa trên máy chủ (chỉ để dùng thử)");
    case "token": return t("thiết bị {place}, khóa {name}", { place: key.place, name: key.name });
    case "service": return t("dịch vụ ký từ xa {place}, khóa {name}", { place: key.place, name: key.name });
  }
}
