/** A paper that was touched is opened while its screen is still being made. */
import { openPdf, type PdfDoc } from "@phien/kit/pdf";
import type { Version } from "@phien/wire";

import type { Live } from "../../runtime/live.svelte.ts";
import { placeIn } from "./place.ts";

interface Ahead {
  readonly version: string;
  readonly doc: Promise<PdfDoc>;
}

let ahead: Ahead | null = null;

/** So long the screen may wait for the engine to have its work: making the screen would keep it from its bytes. */
const HOLD_MS = 150;

/** Begins to open a version of `paper`, at the page where it was left; `stream` is the one whose audience may read the
 * file. Who shows it takes it by `taken`. */
export function openAhead(app: Live, version: Version, stream: string, paper: string): void {
  drop();
  // The head of a file and its table at the end are asked for now: the engine's worker would ask when the screen stands.
  const source = app.runtime.papers.source({ version: version.id, size: version.size, edition: version.edition, stream });
  for (const at of [0, version.size - 1]) source.fetchRange(at, at + 1).catch(() => undefined);
  const doc = open(app, version, stream, Math.min(placeIn(paper).page, version.pages));
  doc.catch(() => undefined); // told to who takes it
  ahead = { version: nameOf(version), doc };
}

/** The document of a version: the one that was opened ahead, else a new one. */
export function taken(app: Live, version: Version, stream: string): Promise<PdfDoc> {
  const mine = ahead?.version === nameOf(version) ? ahead.doc : null;
  if (mine) ahead = null;
  return mine ?? open(app, version, stream);
}

/** Resolves when the screen of a paper is best made: its first page has been asked for, or that takes too long. */
export async function mayMount(): Promise<void> {
  if (!ahead) return;
  const opened = ahead.doc.then(() => undefined, () => undefined);
  await Promise.race([opened, new Promise<void>((resolve) => { setTimeout(resolve, HOLD_MS); })]);
}

function open(app: Live, { id, size, edition }: Version, stream: string, first?: number): Promise<PdfDoc> {
  return openPdf(app.runtime.papers.source({ version: id, size, edition, stream }), first);
}

/** The same version in another edition is another file. */
function nameOf({ id, edition }: Version): string {
  return `${id}/${edition}`;
}

/** Nobody came for it. */
function drop(): void {
  ahead?.doc.then((doc) => doc.close(), () => undefined);
  ahead = null;
}
