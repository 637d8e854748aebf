/** Who is signed in on this device, and what runs while they are. */
import { act, ApiError, get } from "@phien/kit/net";
import { locale, loadLocale } from "@phien/kit/i18n";
import type { Done, Me } from "@phien/wire";

import { Live } from "../../runtime/live.svelte.ts";
import { Runtime } from "../../runtime/runtime.ts";

/** `away`: the server cannot be asked, and nobody was signed in here before. */
export type Standing = "asking" | "in" | "out" | "away";

const REMEMBERED = "phien.me";
/** How long papers may be read without the server having been asked. */
const LEASE_MS = 24 * 3_600_000;

interface Remembered {
  readonly me: Me;
  /** When the server last knew this device. */
  readonly at: number;
}

class Session {
  standing = $state<Standing>("asking");
  live = $state.raw<Live | null>(null);

  /** Asks the server who this is; without network the last one who was signed in here works on with what is here. */
  async begin(): Promise<void> {
    this.standing = "asking";
    try {
      const me = await get<Me>("/accounts/me");
      await speak(me.lang);
      await this.enter(me);
    } catch (error) {
      const remembered = recall();
      if (error instanceof ApiError && error.code === "unauthenticated") this.#end();
      else if (remembered) await this.enter(remembered);
      else this.standing = "away";
    }
  }

  async enter(me: Me): Promise<void> {
    this.live?.runtime.stop();
    const runtime = new Runtime(me);
    runtime.connection.watch((standing) => {
      if (standing === "online") remember(me);
      if (standing === "refused" && runtime.connection.reason === "unauthenticated") void this.#forget(runtime);
    });
    await runtime.prepare();
    this.live = new Live(runtime);
    this.standing = "in";
    runtime.start();
  }

  /** Signs out here: papers leave the device; notes that wait stay until the same person signs in again. */
  async signOut(): Promise<void> {
    const runtime = this.live?.runtime;
    await act<Done>("POST", "/accounts/sign-out", {});
    if (runtime) await this.#forget(runtime);
  }

  /** The device is signed out, by its owner or by the server: it keeps nothing but unsent notes. */
  async #forget(runtime: Runtime): Promise<void> {
    this.#end();
    await runtime.papers.forget();
  }

  #end(): void {
    this.live?.runtime.stop();
    localStorage.removeItem(REMEMBERED);
    this.live = null;
    this.standing = "out";
  }
}

function remember(me: Me): void {
  localStorage.setItem(REMEMBERED, JSON.stringify({ me, at: Date.now() } satisfies Remembered));
}

function recall(): Me | null {
  try {
    const kept = JSON.parse(localStorage.getItem(REMEMBERED) ?? "null") as Remembered | null;
    return kept && Date.now() - kept.at < LEASE_MS ? kept.me : null;
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
