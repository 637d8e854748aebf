/** Using a passkey: the browser asks for the finger, the face or the PIN, and the server believes its signature. */
import type { Me, PasskeyAsk, PasskeyUsed, SignInByPasskey } from "@phien/wire";

import { t } from "../i18n/index.ts";
import { act, ApiError } from "../net/index.ts";
import { toBytes, toText } from "./bytes.ts";

const ASK_MS = 120_000;
/** Somebody has used a passkey in this browser: the door shows it first. */
const USUAL = "phien.passkey";

/** Signs in without a user name. Throws ApiError, or what the browser throws where the person declines. */
export async function signInByPasskey(deviceName: string): Promise<Me> {
  const ask = await act<PasskeyAsk>("POST", "/accounts/sign-in/passkey/ask", {});
  const body: SignInByPasskey = { used: await usePasskey(ask), device_name: deviceName };
  const me = await act<Me>("POST", "/accounts/sign-in/passkey", body);
  rememberPasskey();
  return me;
}

/** Signs what the server asks. Throws what the browser throws, NotAllowedError where the person declines. */
export async function usePasskey(ask: PasskeyAsk): Promise<PasskeyUsed> {
  const given = (await navigator.credentials.get({
    publicKey: {
      challenge: toBytes(ask.challenge),
      rpId: ask.rp_id,
      allowCredentials: ask.allow.map((id) => ({ type: "public-key", id: toBytes(id) })),
      userVerification: "required",
      timeout: ASK_MS,
    },
  })) as PublicKeyCredential | null;
  if (!given) throw new DOMException("nothing was given", "NotAllowedError");
  const response = given.response as AuthenticatorAssertionResponse;
  return {
    credential_id: toText(given.rawId),
    client_data: toText(response.clientDataJSON),
    authenticator_data: toText(response.authenticatorData),
    signature: toText(response.signature),
    user_handle: response.userHandle ? toText(response.userHandle) : "",
  };
}

/** Whether the door should show passkeys before the password. */
export function passkeyUsual(): boolean {
  return localStorage.getItem(USUAL) !== null;
}

export function rememberPasskey(): void {
  localStorage.setItem(USUAL, "1");
}

/** A sentence for whatever went wrong. */
export function passkeyWords(error: unknown): string {
  if (error instanceof ApiError) return error.unsent ? t("Chưa nối được máy chủ. Chưa có gì được gửi đi.") : error.message;
  switch ((error as Error).name) {
    case "NotAllowedError": return t("Chưa xong: cửa sổ hỏi vân tay hoặc khuôn mặt đã đóng, hoặc máy này không có khóa truy cập phù hợp.");
    case "InvalidStateError": return t("Máy này đã có khóa truy cập của tài khoản.");
    case "SecurityError": return t("Chưa xong: địa chỉ đang mở không dùng được khóa truy cập.");
    default: return t("Trình duyệt này chưa dùng được khóa truy cập.");
  }
}
