/** The reader's name over pages whose bytes may not be changed: a signed paper, or one that waits to be. */
import { fmtDate, fmtTime } from "@phien/kit/i18n";
import type { Version } from "@phien/wire";

import { session } from "../../session.svelte.ts";

/** What stands over each page that was opened at `at`; null where nothing does, or the file itself bears it. */
export function nameOver(mark: Version["mark"] | undefined, at: number): string | null {
  return mark === "screen" ? `${session.me?.name ?? ""} · ${fmtTime(at)}, ${fmtDate(at)}` : null;
}
