/** How far the papers of a meeting have come on this device, as screens read it. */
import type { Paper } from "@phien/wire";

import type { Live } from "../../runtime/live.svelte.ts";
import { now } from "../../shell/clock.svelte.ts";
import { isNear, come, type Come, standing, type Standing } from "./ahead.ts";
import { heldOf } from "../meetings/mine.svelte.ts";
import { said } from "./said.svelte.ts";

export interface Here extends Come {
  readonly st: Standing;
}

export function hereOf(app: Live, meeting: string, papers: readonly Paper[]): Here {
  const list = papers.map(heldOf).filter((held) => held !== null);
  const sum = come(list, (held) => ({ progress: app.progress(held), failed: app.failed(held) }));
  const of = app.stream(`m:${meeting}`).get("meeting", meeting);
  const my = app.mine.get("my_meeting", meeting);
  const near = my !== undefined && isNear({ my, meeting: of }, now());
  const st = standing(sum, {
    keeps: of?.offline_hours !== 0, online: app.online, full: app.full,
    wanted: near || said.asked.has(meeting), paused: said.paused.has(meeting),
  });
  return { ...sum, st };
}
