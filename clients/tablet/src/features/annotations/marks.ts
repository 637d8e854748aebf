/** Notes as they are drawn and counted: the layers of one version, one's own hand and the others'. Pure. */
import type { Body, Mark } from "@phien/kit/ink";
import type { Op, Shown } from "@phien/kit/sync";
import type { PageMark } from "@phien/kit/ui";
import type { Annotation, Put } from "@phien/wire";

/** Who reads a mark: oneself, a named group, or everybody who reads the paper. */
export type Tone = "private" | "group" | "shared";
/** Where a mark lies; of a group `g:<id>`. */
export type Layer = "private" | "shared" | `g:${string}`;

export function toneOf(layer: Layer): Tone {
  return layer === "private" || layer === "shared" ? layer : "group";
}

/** A mark on its page. Those that others read too carry the name of who made them. */
export interface Placed extends Mark {
  readonly page: number;
  readonly layer: Layer;
  readonly rev: number;
}

/** What the hand adds or takes away, as undo remembers it. */
export interface Written {
  readonly id: string;
  readonly page: number;
  readonly layer: Layer;
  readonly body: Body;
}

/** What undo remembers of a mark. */
export function written({ id, page, layer, body }: Placed): Written {
  return { id, page, layer, body };
}

/** Ink on paper: the same by day and by night, for paper is never inverted. */
export const INK: Record<Tone, string> = { private: "#5A2C91", group: "#2F6B00", shared: "#9A3D08" };
export const MARKER: Record<Tone, string> = { private: "#FFE38A", group: "#CBE8A4", shared: "#FFCFA8" };

export function placed(shown: readonly Shown[], layer: Layer, me: string): Placed[] {
  return shown
    .filter((one) => !one.carried?.waiting) // it has no place in this version yet
    .map((one): Placed => ({
      id: one.id,
      page: one.page,
      layer,
      rev: one.rev,
      body: one.body,
      mine: one.owner_id === me,
      ...(layer === "private" ? {} : { author: one.owner_name }),
      ...(toneOf(layer) === "group" ? { group: true } : {}),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1)); // ids rise with time: the newest lies on top
}

/** The body as the wire has it: every field said. */
export function wireBody(body: Body): Annotation["body"] {
  switch (body.type) {
    case "ink":
      return { ...body, marker: false };
    case "highlight":
      return { prefix: "", suffix: "", style: "highlight", ...body };
    case "shape":
      return body;
    default:
      return { fork_of: null, ...body };
  }
}

export function putOp(written: Written, opId: string, baseRev = 0): Put {
  return { kind: "put", op_id: opId, ann_id: written.id, base_rev: baseRev, page: written.page, body: wireBody(written.body) };
}

export function deleteOp(id: string, opId: string): Op {
  return { kind: "del", op_id: opId, ann_id: id };
}

/** Which layers a page carries, for the dots of the strip. */
export function dotsOf(marks: readonly Placed[]): Map<number, PageMark[]> {
  const dots = new Map<number, PageMark[]>();
  for (const tone of ["private", "group", "shared"] as const) {
    for (const page of new Set(marks.filter((mark) => toneOf(mark.layer) === tone).map((mark) => mark.page))) {
      dots.set(page, [...(dots.get(page) ?? []), tone]);
    }
  }
  return dots;
}
