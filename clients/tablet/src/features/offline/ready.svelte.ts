/** This tablet tests itself for a meeting, and tells secretariat and chair what it found. */
import { act, get } from "@phien/kit/net";
import { penSeen } from "@phien/kit/ui";
import type { Devices, Meeting, Paper, Ready, ReadyCheck, ReadyReport } from "@phien/wire";
import { SvelteMap } from "svelte/reactivity";

import type { Live } from "../../runtime/live.svelte.ts";
import { room } from "../../runtime/storage.ts";
import { update } from "../../shell/update.svelte.ts";
import { hereOf } from "./ahead.svelte.ts";
import { checks } from "./checks.ts";
import { ways } from "./ways.svelte.ts";

export interface Found {
  readonly checks: readonly ReadyCheck[];
  /** When, ms. */
  readonly at: number;
  /** The desk knows. */
  readonly told: boolean;
}

class Readiness {
  readonly #found = new SvelteMap<string, Found>();
  // What was told last is no state of the screen.
  readonly #told = new Map<string, string>();

  of(meeting: string): Found | null {
    return this.#found.get(meeting) ?? null;
  }

  /** Looks at everything once. Tells the desk what is new; by hand (`anew`) in any case. */
  async look(app: Live, meeting: Meeting, papers: readonly Paper[], anew = false): Promise<Found> {
    const list = await find(app, meeting, papers);
    // Free bytes and minutes change all the time; they are no news while all is as well as before.
    const said = JSON.stringify(list.map(({ what, ok, have, need }) => (what === "papers" ? [ok, have, need] : [what, ok])));
    const news = anew || said !== this.#told.get(meeting.id);
    const told = news ? await tell(meeting.id, list) : true;
    if (told) this.#told.set(meeting.id, said);
    const found = { checks: list, at: Date.now(), told };
    this.#found.set(meeting.id, found);
    return found;
  }
}

export const readiness = new Readiness();

async function tell(meeting: string, list: ReadyCheck[]): Promise<boolean> {
  const report: ReadyReport = { checks: list };
  try {
    await act<Ready>("PUT", `/meetings/${meeting}/ready`, report);
    return true;
  } catch {
    return false;
  }
}

async function find(app: Live, meeting: Meeting, papers: readonly Paper[]): Promise<ReadyCheck[]> {
  const { vault } = app.runtime;
  await ways.look(vault);
  const disk = await room().catch(() => null);
  const devices = await get<Devices>("/accounts/me/devices").catch(() => null);
  const here = hereOf(app, meeting.id, papers);
  return checks({
    now: Date.now(),
    starts: meeting.starts_at,
    ends: meeting.ends_at,
    papers: { ready: here.ready, all: here.papers, missing: here.size - here.have },
    free: disk && disk.quota > 0 ? disk.quota - disk.used : null,
    lasting: disk?.lasting ?? false,
    newer: update.waits || app.refused === "must_update",
    ahead: app.runtime.clockAhead,
    signedInUntil: devices?.devices.find((each) => each.current)?.expires_at ?? null,
    hours: meeting.offline_hours,
    leaseUntil: vault.lease.until(meeting.offline_hours),
    lock: ways.pin || ways.passkey,
    pen: penSeen(),
  });
}
