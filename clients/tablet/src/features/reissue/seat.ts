/** The reader's place in a version that came anew: on the same content as in the version that was read last. */
import { placeNow } from "@phien/kit/comparing/pages.ts";
import { get } from "@phien/kit/net";
import type { Changes, Version } from "@phien/wire";

import { type Place, placeIn, rememberPlace } from "../documents/place.ts";

/** Longer than this a reader does not wait for the same place; the paper opens at the page of the same number. */
const PATIENCE_MS = 2500;
/** Nor longer than this to be brought there afterwards, having read on or not. */
const LATE_MS = 30_000;

/** Whether the place that is kept belongs to another version. */
export function isElsewhere(paper: string, version: Version): boolean {
  const { version: kept } = placeIn(paper);
  return kept !== undefined && kept !== version.id;
}

/** Brings the kept place over to `version`; without network it stays on the page of the same number. So it does where it is
 * not known in time: `onlate` is told the place when it is, if by then nobody has moved from that page. */
export async function seat(paper: string, version: Version, onlate: (place: Place) => void): Promise<void> {
  const before = placeIn(paper);
  if (before.version === undefined || before.version === version.id) return;
  const meanwhile = { ...before, version: version.id };
  const coming = placeOfContent(before, before.version, version);
  const soon = await Promise.race([coming, patience()]);
  rememberPlace(paper, soon === "late" ? meanwhile : (soon ?? meanwhile));
  if (soon === "late") void coming.then((place) => { if (place && isAt(paper, meanwhile)) settle(paper, place, onlate); });
}

/** Where the same content stands in `version`; null where that cannot be known. */
async function placeOfContent(before: Place, since: string, version: Version): Promise<Place | null> {
  try {
    const changes = await get<Changes>(`/versions/${version.id}/changes?since=${since}`, { signal: AbortSignal.timeout(LATE_MS) });
    return { ...placeNow(changes, before), version: version.id };
  } catch {
    return null;
  }
}

function patience(): Promise<"late"> {
  return new Promise((resolve) => { setTimeout(() => { resolve("late"); }, PATIENCE_MS); });
}

function isAt(paper: string, { page, fraction, version }: Place): boolean {
  const now = placeIn(paper);
  return now.page === page && now.fraction === fraction && now.version === version;
}

function settle(paper: string, place: Place, onlate: (place: Place) => void): void {
  rememberPlace(paper, place);
  onlate(place);
}
