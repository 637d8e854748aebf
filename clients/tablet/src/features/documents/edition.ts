/** Which version of a paper stands on screen, and what became of it meanwhile. Pure: nothing moves by itself. */
import type { StreamStanding } from "@phien/kit/sync";
import type { Paper, Version } from "@phien/wire";

export type Edition =
  | { readonly state: "coming" }
  /** One is no longer among those who may read the item. */
  | { readonly state: "closed" }
  | { readonly state: "recalled"; readonly title: string }
  | { readonly state: "open"; readonly version: Version; /** A later one that may be opened. */ readonly newer: Version | null };

/** `shown` is what the reader has on screen; the answer never replaces it by a later one. */
export function edition(paper: Paper | undefined, standing: StreamStanding, shown: Version | null): Edition {
  if (standing === "denied") return { state: "closed" };
  if (!paper) return standing === "live" ? { state: "recalled", title: "" } : { state: "coming" };
  if (paper.state === "recalled" || !paper.version) return { state: "recalled", title: paper.title };
  if (!shown || shown.id === paper.version.id) return { state: "open", version: paper.version, newer: null };
  return { state: "open", version: shown, newer: paper.version };
}
