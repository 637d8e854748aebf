/** The key of this tablet: what may be done with it, asking for its certificate, signing with it. */
import { fmtShortDate, t } from "@phien/kit/i18n";
import { dropKeys, makeKey, requestFor, signAttributes, type StoredKey } from "@phien/kit/keys";
import { act, ApiError } from "@phien/kit/net";
import { usePasskey } from "@phien/kit/passkeys";
import type { Dossier, SigningRequest, TabletFinish, TabletKey, TabletKeyAsk, TabletPrepare, TabletPrepared } from "@phien/wire";

/** A key that lies here and may sign, with what the house knows of it. */
export interface OwnKey {
  readonly key: TabletKey;
  readonly stored: StoredKey;
}

export type KeyState = "none" | "waiting" | "valid" | "expired" | "refused" | "revoked";

/** What the house knows of a key that lies on this tablet: the newest one, and one that may sign before all others. */
export function keyHere(known: readonly TabletKey[], stored: readonly StoredKey[]): TabletKey | null {
  const here = new Set(stored.map((key) => key.fingerprint));
  const mine = known.filter((key) => here.has(key.fingerprint) && key.state !== "replaced");
  const newest = mine.sort((a, b) => (a.asked_at < b.asked_at ? 1 : -1));
  return newest.find((key) => key.state === "valid") ?? newest[0] ?? null;
}

export function stateOf(key: TabletKey | null, now: Date): KeyState {
  if (!key || key.state === "replaced") return "none";
  if (key.state === "valid" && key.valid_until !== null && new Date(key.valid_until) <= now) return "expired";
  return key.state;
}

/** What to say of it in one line. */
export function wordsOf(state: KeyState, key: TabletKey | null): string {
  switch (state) {
    case "none":
      return t("Tạo khóa trên máy này để ký nháy và ký biên bản. Khóa không rời khỏi máy.");
    case "waiting":
      return t("Chờ văn thư {body} duyệt. Đọc mã đối chiếu cho văn thư.", { body: key?.body_name ?? "" });
    case "valid":
      return t("{body} cấp, dùng đến {date}.", { body: key?.body_name ?? "", date: fmtShortDate(key?.valid_until ?? "") });
    case "expired":
      return t("Hết hạn từ {date}. Xin khóa mới để ký tiếp.", { date: fmtShortDate(key?.valid_until ?? "") });
    case "refused":
      return key?.remarks ? t("Văn thư không duyệt: {remarks}", { remarks: key.remarks }) : t("Văn thư không duyệt yêu cầu này.");
    case "revoked":
      return t("Đã thu hồi, không ký được nữa.");
  }
}

/** The beginning of a fingerprint in groups, to be compared by voice. */
export function spokenCode(fingerprint: string): string {
  return (fingerprint.slice(0, 12).toUpperCase().match(/.{4}/g) ?? []).join(" · ");
}

/** Whether this act may be done with the tablet's key; the server decides, this keeps a dead button off the screen. */
export function mayUse(request: SigningRequest, dossier: Dossier | undefined, demo: boolean): boolean {
  if (request.act === "initial") return true;
  return request.act === "sign" && (demo || dossier?.paper_kind === "minutes");
}

/** The key of this tablet for this act; null where it has none that may do it. */
export function ownKey(request: SigningRequest, dossier: Dossier | undefined, known: readonly TabletKey[], here: readonly StoredKey[], demo: boolean): OwnKey | null {
  const key = keyHere(known, here);
  const found = here.find((each) => each.fingerprint === key?.fingerprint);
  return key && found && stateOf(key, new Date()) === "valid" && mayUse(request, dossier, demo) ? { key, stored: found } : null;
}

/** What went wrong with a key itself; nothing was signed or changed then. */
export function keyProblem(error: unknown): string {
  if (!(error instanceof ApiError)) return t("Máy này chưa tạo hoặc chưa lưu được khóa ký.");
  return error.unsent ? t("Mất mạng: chưa gửi được.") : error.message;
}

/** Makes a key and asks a body to certify it; keys of before that never will sign are forgotten. */
export async function askForKey(person: string, name: string, body: string, before: readonly StoredKey[]): Promise<TabletKey> {
  const made = await makeKey(person);
  const ask: TabletKeyAsk = { body_id: body, request: base64(await requestFor(made.pair, name)) };
  const asked = await act<TabletKey>("POST", "/tablet-keys", ask);
  await dropKeys(before.map((key) => key.fingerprint));
  return asked;
}

/** Signs a paper with the tablet's key: prepared there, signed here, put together and checked there.
 *
 * Where the house asks for a passkey, it signs what the tablet is about to sign. Throws what the browser throws where
 * the person declines; nothing is signed then. */
export async function signHere(request: SigningRequest, { key, stored }: OwnKey, password: string): Promise<SigningRequest> {
  const ask: TabletPrepare = { sha256: request.sha256, key_id: key.id, password };
  const half = await act<TabletPrepared>("POST", `/signing/${request.id}/prepare`, ask);
  const used = half.ask ? await usePasskey(half.ask) : null;
  const signature = await signAttributes(stored.pair, bytesOf(half.to_sign));
  const done: TabletFinish = { token: half.token, signature: base64(signature), used };
  return act<SigningRequest>("POST", `/signing/${request.id}/finish`, done);
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}
