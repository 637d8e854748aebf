/** Setting up what is signed with, in words: what a dialog is about, sizes as typed, pictures as they travel. Pure but for reading a file. */
import { fmtDate, t } from "@phien/kit/i18n";
import type { KeyStore, StoredKey } from "@phien/wire";

/** Whose key is enrolled: a body's seal, what a body certifies tablets with, a person's. */
export type Holder = { readonly of: "seal" | "authority"; readonly id: string; readonly name: string } | { readonly of: "person"; readonly id: string; readonly name: string };

/** Widths that a seal may have; most are 36 mm. */
const WIDTHS = { least: 20, most: 50 };
/** A picture of this many bytes is a photograph of a table, not a scan of a seal. */
export const MOST_PICTURE_BYTES = 6 * 1024 * 1024;

/** Millimetres as typed, "36" or "36,5"; null where that is no seal's width. */
export function widthOf(text: string): number | null {
  const match = /^\s*(\d{1,2}(?:[.,]\d{1,2})?)\s*$/.exec(text);
  const width = Number(match?.[1]?.replace(",", ".") ?? Number.NaN);
  return width >= WIDTHS.least && width <= WIDTHS.most ? width : null;
}

export function storeWords(store: KeyStore): string {
  return store.kept === "token" ? t("{name} · thiết bị {where}", { name: store.name, where: store.where }) : t("{name} · dịch vụ {where}", { name: store.name, where: store.where });
}

/** "có hiệu lực 01/11/2026 đến 01/11/2029". */
export function span(key: Pick<StoredKey, "valid_from" | "valid_until">): string {
  return t("hiệu lực {from} đến {until}", { from: fmtDate(key.valid_from), until: fmtDate(key.valid_until) });
}

/** A certificate is enrolled for whom it is made out to, but for case and spaces; marks must be the same. */
export function isMadeOutTo(key: Pick<StoredKey, "holder">, name: string): boolean {
  const plain = (text: string): string => text.normalize("NFC").trim().replace(/\s+/g, " ").toLocaleLowerCase("vi");
  return plain(key.holder) === plain(name);
}

/** Keys that can be enrolled for a name first, then the others that sign. */
export function offered(keys: readonly StoredKey[], name: string, authority: boolean): StoredKey[] {
  const fits = (key: StoredKey): boolean => authority || isMadeOutTo(key, name);
  return keys.filter((key) => authority || key.usable).sort((a, b) => Number(fits(b)) - Number(fits(a)) || a.holder.localeCompare(b.holder, "vi"));
}

/** What stands in the configuration before a key can be chosen here. */
export const CONFIGURATION = `[signing.tokens.van-phong]
module = "/usr/lib/opensc-pkcs11.so"
token = "Nhãn của thiết bị"

[signing.services.ky-xa]
address = "https://dich-vu-ky.example.vn/csc/v2"
bearer = "file:/etc/phien/ky-xa.token"`;

export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
}
