/** A paper that was touched is opened while its screen is still being made. */
import { openPdf, type PdfDoc } from "@phien/kit/pdf";
import type { Version } from "@phien/wire";

import type { Live } from "../../runtime/live.svelte.ts";

interface Ahead {
  readonly version: string;
  readonly doc: Promise<PdfDoc>;
}

let ahead: Ahead | null = null;

/** Begins to open a version; `stream` is the one whose audience may read the file. Who shows it takes it by `taken`. */
export function openAhead(app: Live, version: Version, stream: string): void {
  drop();
  // The head of a file and its table at the end are asked for now: the engine's worker would ask when the screen stands.
  const source = app.runtime.papers.source({ version: version.id, size: version.size, stream });
  for (const at of [0, version.size - 1]) source.fetchRange(at, at + 1).catch(() => undefined);
  const doc = open(app, version, stream);
  doc.catch(() => undefined); // told to who takes it
  ahead = { version: version.id, doc };
}

/** The document of a version: the one that was opened ahead, else a new one. */
export function taken(app: Live, version: Version, stream: string): Promise<PdfDoc> {
  const mine = ahead?.version === version.id ? ahead.doc : null;
  if (mine) ahead = null;
  return mine ?? open(app, version, stream);
}

function open(app: Live, { id, size }: Version, stream: string): Promise<PdfDoc> {
  return openPdf(app.runtime.papers.source({ version: id, size, stream }));
}

/** Nobody came for it. */
function drop(): void {
  ahead?.doc.then((doc) => doc.close(), () => undefined);
  ahead = null;
}
