/** Scanned pages: what a machine has read on them, page by page as it is asked for; and how far that is, in words. */
import { t } from "@phien/kit/i18n";
import type { ReadPage, ReadPages } from "@phien/kit/pdf";
import type { RecognisedPage, Scan } from "@phien/wire";

import { fetchRead } from "../../runtime/beside.ts";
import type { Live } from "../../runtime/live.svelte.ts";

/** "12/40 trang", while it goes on; null when it is over or cannot be done. */
export function progressOf(scan: Scan | null | undefined): string | null {
  return scan?.state === "running" ? t("{done}/{pages} trang", { done: scan.done, pages: scan.pages }) : null;
}

/** From the server, several pages an answer; from this device without network. */
export function readPages(app: Live, version: string): ReadPages {
  const known = new Map<number, Promise<ReadonlyMap<number, ReadPage>>>();
  let kept: Promise<ReadonlyMap<number, ReadPage>> | null = null;
  return async (page) => {
    if (!app.online) {
      kept ??= fromDevice(app, version);
      return (await kept).get(page) ?? null;
    }
    const found = known.get(page) ?? fromServer(version, page, known);
    return (await found).get(page) ?? null;
  };
}

/** One answer tells of this page and of those after it, up to the last that fitted in. */
function fromServer(version: string, page: number, known: Map<number, Promise<ReadonlyMap<number, ReadPage>>>): Promise<ReadonlyMap<number, ReadPage>> {
  const asked = fetchRead(version, page - 1).then(({ pages }) => {
    for (const each of pages) known.set(each.page, asked);
    return byPage(pages);
  });
  known.set(page, asked);
  asked.catch(() => { known.delete(page); });
  return asked;
}

async function fromDevice(app: Live, version: string): Promise<ReadonlyMap<number, ReadPage>> {
  return byPage((await app.runtime.papers.read(version)) as readonly RecognisedPage[] | null ?? []);
}

function byPage(pages: readonly RecognisedPage[]): ReadonlyMap<number, ReadPage> {
  return new Map(pages.map((each) => [each.page, each]));
}
