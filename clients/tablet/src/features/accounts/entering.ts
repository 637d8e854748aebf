/** The ways in: password, one-time code, a role of the demo; and the name that this device gets in the list. */
import { act, get } from "@phien/kit/net";
import { t } from "@phien/kit/i18n";
import type { DemoSignIn, Me, SignIn, SignInByCode, SignInOptions } from "@phien/wire";

export function options(): Promise<SignInOptions> {
  return get<SignInOptions>("/accounts/sign-in");
}

export function byPassword(user: string, password: string): Promise<Me> {
  const body: SignIn = { user, password, device_name: deviceName(navigator.userAgent) };
  return act<Me>("POST", "/accounts/sign-in", body);
}

export function byCode(code: string): Promise<Me> {
  const body: SignInByCode = { code: code.trim(), device_name: deviceName(navigator.userAgent) };
  return act<Me>("POST", "/accounts/sign-in/code", body);
}

export function byRole(role: string): Promise<Me> {
  const body: DemoSignIn = { role };
  return act<Me>("POST", "/accounts/sign-in/demo", body);
}

/** What a person calls the device, from what the browser says of itself: "iPad · Safari". */
export function deviceName(agent: string): string {
  const machine = [
    [/iPad/, "iPad"], [/iPhone/, "iPhone"], [/Android.*Mobile/, t("Điện thoại Android")], [/Android/, t("Máy tính bảng Android")],
    [/Macintosh/, "Mac"], [/Windows/, "Windows"], [/CrOS/, "Chromebook"], [/Linux/, "Linux"],
  ] as const;
  const browser = [
    [/Edg\//, "Edge"], [/Firefox\//, "Firefox"], [/Chrome\//, "Chrome"], [/Safari\//, "Safari"],
  ] as const;
  const named = (list: readonly (readonly [RegExp, string])[]): string | undefined => list.find(([sign]) => sign.test(agent))?.[1];
  return [named(machine) ?? t("Máy khác"), named(browser)].filter(Boolean).join(" · ");
}

/** Where somebody begins after signing in: the desk is an app of its own. */
export function leadsElsewhere(me: Me): string | null {
  return me.home === "desk" ? "/desk/" : null;
}

/** What the address of a QR picture brings behind `#`, where no server sees it. It leaves the address at once. */
export function broughtByAddress(): URLSearchParams {
  const found = new URLSearchParams(location.hash.slice(1));
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  return found;
}
