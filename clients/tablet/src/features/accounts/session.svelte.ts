/** Who is signed in on this device, and what runs while they are. */
import { act, ApiError, get } from "@phien/kit/net";
import { locale, loadLocale } from "@phien/kit/i18n";
import type { Done, Me } from "@phien/wire";

import { Live } from "../../runtime/live.svelte.ts";
import { Runtime } from "../../runtime/runtime.ts";

/** `away`: the server cannot be asked, and nobody was signed in here before. */
export type Standing = "asking" | "in" | "out" | "away";

const REMEMBERED = "phien.me";

class Session {
  standing = $state<Standing>("asking");
  live = $state.raw<Live | null>(null);

  /** Asks the server who this is; without network the last one who was signed in here works on with what is here. */
  async begin(): Promise<void> {
    this.standing = "asking";
    try {
      this.enter(await get<Me>("/accounts/me"));
    } catch (error) {
      const remembered = recall();
      if (!(error instanceof ApiError) || !error.unsent) this.#end();
      else if (remembered) this.enter(remembered);
      else this.standing = "away";
    }
  }

  enter(me: Me): void {
    this.live?.runtime.stop();
    localStorage.setItem(REMEMBERED, JSON.stringify(me));
    const runtime = new Runtime(me);
    runtime.connection.watch((standing) => {
      if (standing === "refused" && runtime.connection.reason === "unauthenticated") this.#end();
    });
    this.live = new Live(runtime);
    this.standing = "in";
    runtime.start();
  }

  /** Signs out here: papers leave the device; notes that wait stay until the same person signs in again. */
  async signOut(): Promise<void> {
    const runtime = this.live?.runtime;
    await act<Done>("POST", "/accounts/sign-out", {});
    this.#end();
    await runtime?.papers.forget();
  }

  #end(): void {
    this.live?.runtime.stop();
    localStorage.removeItem(REMEMBERED);
    this.live = null;
    this.standing = "out";
  }
}

function recall(): Me | null {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED) ?? "null") as Me | null;
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
