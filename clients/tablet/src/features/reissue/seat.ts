/** The reader's place in a version that came anew: on the same content as in the version that was read last. */
import { placeNow } from "@phien/kit/comparing/pages.ts";
import { get } from "@phien/kit/net";
import type { Changes, Version } from "@phien/wire";

import { placeIn, rememberPlace } from "../documents/place.ts";

/** Longer than this a reader does not wait for the same place; the paper opens at the page of the same number. */
const PATIENCE_MS = 2500;

/** Whether the place that is kept belongs to another version. */
export function isElsewhere(paper: string, version: Version): boolean {
  const { version: kept } = placeIn(paper);
  return kept !== undefined && kept !== version.id;
}

/** Brings the kept place over to `version`; without network it stays on the page of the same number. */
export async function seat(paper: string, version: Version): Promise<void> {
  const place = placeIn(paper);
  if (place.version === undefined || place.version === version.id) return;
  try {
    const path = `/versions/${version.id}/changes?since=${place.version}`;
    const changes = await get<Changes>(path, { signal: AbortSignal.timeout(PATIENCE_MS) });
    rememberPlace(paper, { ...placeNow(changes, place), version: version.id });
  } catch {
    rememberPlace(paper, { ...place, version: version.id });
  }
}
