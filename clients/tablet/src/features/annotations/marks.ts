/** Notes as they are drawn and counted: two layers of one version, one's own hand and the others'. Pure. */
import type { Body, Mark } from "@phien/kit/ink";
import type { Op, Shown } from "@phien/kit/sync";
import type { PageMark } from "@phien/kit/ui";
import type { Annotation, Put } from "@phien/wire";

export type Layer = "private" | "shared";

/** A mark on its page. Shared ones carry the name of who made them. */
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

/** Ink on paper: the same by day and by night, for paper is never inverted. */
export const INK: Record<Layer, string> = { private: "#5A2C91", shared: "#9A3D08" };
export const MARKER: Record<Layer, string> = { private: "#FFE38A", shared: "#FFCFA8" };

export function placed(shown: readonly Shown[], layer: Layer, me: string): Placed[] {
  return shown
    .map((one): Placed => ({
      id: one.id,
      page: one.page,
      layer,
      rev: one.rev,
      body: one.body,
      mine: one.owner_id === me,
      ...(layer === "shared" ? { author: one.owner_name } : {}),
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
  for (const layer of ["private", "shared"] as const) {
    for (const page of new Set(marks.filter((mark) => mark.layer === layer).map((mark) => mark.page))) {
      dots.set(page, [...(dots.get(page) ?? []), layer]);
    }
  }
  return dots;
}
