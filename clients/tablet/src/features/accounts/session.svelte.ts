/** Who is signed in on this device, and what runs while they are. */
import { act, ApiError, get } from "@phien/kit/net";
import { locale, loadLocale, t } from "@phien/kit/i18n";
import { toast } from "@phien/kit/ui";
import { Vault } from "@phien/kit/vault";
import type { Done, Me } from "@phien/wire";

import { Live } from "../../runtime/live.svelte.ts";
import { Runtime } from "../../runtime/runtime.ts";
import { askToKeep, forgetKept } from "../../runtime/storage.ts";

/** `away`: the server cannot be asked, and nothing here opens without it; `locked`: a code or passkey would open it. */
export type Standing = "asking" | "in" | "out" | "away" | "locked";

const REMEMBERED = "phien.me";

class Session {
  standing = $state<Standing>("asking");
  live = $state.raw<Live | null>(null);
  /** Who was signed in here last, while the server cannot be asked. */
  before = $state.raw<Me | null>(null);
  #vault: Vault | null = null;

  /** Asks the server who this is; without network who was signed in here last may open what is here. */
  async begin(): Promise<void> {
    this.standing = "asking";
    try {
      const me = await get<Me>("/accounts/me");
      await speak(me.lang);
      await this.enter(me);
    } catch (error) {
      if (error instanceof ApiError && error.code === "unauthenticated") await this.#signedOut();
      else await this.#withoutNetwork();
    }
  }

  /** With network: the server gives its half of the key. Where it does not come, papers are read and not kept. */
  async enter(me: Me): Promise<void> {
    const runtime = this.#runtime(me, new Vault(me.person_id));
    await runtime.askKey().catch(() => undefined);
    await this.#run(runtime);
    void askToKeep();
  }

  /** The vault of who was signed in here last, locked; for the screen that opens it. */
  get vault(): Vault {
    if (!this.#vault) throw new Error("nothing is locked");
    return this.#vault;
  }

  /** It has been opened without network. */
  async unlocked(): Promise<void> {
    const me = this.before;
    if (!me || !this.#vault) return;
    await speak(me.lang);
    await this.#run(this.#runtime(me, this.#vault));
  }

  /** Signs out here: papers leave the device; notes that wait stay until the same person signs in again. */
  async signOut(): Promise<void> {
    const runtime = this.live?.runtime;
    await act<Done>("POST", "/accounts/sign-out", {});
    if (runtime) await this.#forget(runtime);
  }

  #runtime(me: Me, vault: Vault): Runtime {
    this.live?.runtime.stop();
    const runtime = new Runtime(me, vault);
    runtime.onCodeLost = () => { toast(t("Máy này vào phiên mới: mã mở khi mất mạng cần đặt lại trong Tài khoản.")); };
    runtime.connection.watch((standing) => {
      if (standing === "online") remember(me);
      if (standing === "refused" && runtime.connection.reason === "unauthenticated") void this.#forget(runtime);
    });
    return runtime;
  }

  async #run(runtime: Runtime): Promise<void> {
    await runtime.prepare();
    this.#vault = null;
    this.live = new Live(runtime);
    this.standing = "in";
    runtime.start();
  }

  async #withoutNetwork(): Promise<void> {
    this.before = recall();
    this.#vault = this.before && new Vault(this.before.person_id);
    const ways = await this.#vault?.locks.kinds().catch(() => []);
    this.standing = ways && ways.length > 0 ? "locked" : "away";
  }

  /** The server ended this device's session: its half of the key is gone, so what lies here is thrown away too. */
  async #signedOut(): Promise<void> {
    const before = recall();
    this.#end();
    if (before) await forget(new Vault(before.person_id));
  }

  /** The device is signed out, by its owner or by the server: it keeps nothing but unsent notes. */
  async #forget(runtime: Runtime): Promise<void> {
    this.#end();
    await forget(runtime.vault);
  }

  #end(): void {
    this.live?.runtime.stop();
    localStorage.removeItem(REMEMBERED);
    this.live = null;
    this.standing = "out";
  }
}

async function forget(vault: Vault): Promise<void> {
  forgetKept(vault.person);
  await vault.forget().catch(() => undefined); // without a disk there is nothing to forget
}

function remember(me: Me): void {
  localStorage.setItem(REMEMBERED, JSON.stringify({ me }));
}

function recall(): Me | null {
  try {
    return (JSON.parse(localStorage.getItem(REMEMBERED) ?? "null") as { me: Me } | null)?.me ?? null;
  } catch {
    return null;
  }
}

export const session = new Session();

/** What the signed-in app runs on. Only for screens that exist while somebody is signed in. */
export function live(): Live {
  if (!session.live) throw new Error("nobody is signed in");
  return session.live;
}

/** Puts the person's own language in use; the page starts anew where it was another one. */
export async function speak(lang: string): Promise<void> {
  const wanted = lang === "en" ? "en" : "vi";
  if (wanted === locale()) return;
  await loadLocale(wanted);
  location.reload();
}
