/** Boxes laid on a page by hand for signature, initials, number, date and seal; sizes and moves in points. Pure. */
import { messageKey } from "@phien/kit/i18n";
import { type PageBox, shownSize, type Size, toUser } from "@phien/kit/pdf";

export type PlaceKind = "signature" | "initial" | "number" | "date" | "seal";

/** One box: page from 1, its place on the shown page, origin above left. */
export interface Placed {
  readonly kind: PlaceKind;
  /** Name of the form field. */
  readonly name: string;
  readonly page: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A form field as the server takes it: page from 0, box in the page's own coordinates. */
export interface FieldPlace {
  readonly name: string;
  readonly page: number;
  readonly box: [number, number, number, number];
}

const MM = 72 / 25.4;
/** Names are the ones that printed papers have, so that whoever fills them later needs not know who placed them. */
const NAMES: Record<PlaceKind, string> = { signature: "ChuKy", initial: "KyNhay", number: "So", date: "NgayThang", seal: "ConDau" };
/** A seal has its real size, 36 mm; it is not sized by hand. */
const SIZES: Record<PlaceKind, Size> = {
  signature: { width: 60 * MM, height: 22 * MM },
  initial: { width: 16 * MM, height: 9 * MM },
  number: { width: 20 * MM, height: 6 * MM },
  date: { width: 62 * MM, height: 6 * MM },
  seal: { width: 36 * MM, height: 36 * MM },
};
const LEAST: Size = { width: 8 * MM, height: 5 * MM };

export const LABELS: Record<PlaceKind, string> = {
  signature: messageKey("Chữ ký"), initial: messageKey("Ký nháy"), number: messageKey("Số"), date: messageKey("Ngày tháng"), seal: messageKey("Con dấu"),
};

export const resizable = (kind: PlaceKind): boolean => kind !== "seal";

/** Where a box of a kind first stands: as on a paper of Decree 30, the official's name at the lower right. */
export function firstPlace(kind: PlaceKind, page: number, box: PageBox, laid: readonly Placed[]): Placed {
  const paper = shownSize(box);
  const size = SIZES[kind];
  const signature = laid.find((one) => one.kind === "signature" && one.page === page);
  const at = startOf(kind, paper, size, signature);
  const nth = laid.filter((one) => one.kind === "initial").length;
  const shift = kind === "initial" ? nth * (size.width + 2 * MM) : 0;
  return kept({ kind, name: nameOf(kind, laid), page, left: at.x + shift, top: at.y, ...size }, paper);
}

function startOf(kind: PlaceKind, paper: Size, size: Size, signature: Placed | undefined): { x: number; y: number } {
  switch (kind) {
    // The seal covers about a third of the signature, on its left.
    case "seal":
      return signature
        ? { x: signature.left + signature.width / 3 - size.width, y: signature.top + (signature.height - size.height) / 2 }
        : { x: paper.width * 0.42, y: paper.height * 0.7 };
    case "signature": return { x: paper.width - 20 * MM - size.width, y: paper.height * 0.72 };
    case "initial": return { x: 30 * MM, y: paper.height * 0.66 };
    case "number": return { x: 42 * MM, y: 32 * MM };
    case "date": return { x: paper.width - 20 * MM - size.width, y: 32 * MM };
  }
}

/** The one name of its kind; initials are counted, and a number that was taken off is used again. */
function nameOf(kind: PlaceKind, laid: readonly Placed[]): string {
  if (kind !== "initial") return NAMES[kind];
  const taken = new Set(laid.map((one) => one.name));
  let number = 1;
  while (taken.has(`${NAMES.initial}${number}`)) number += 1;
  return `${NAMES.initial}${number}`;
}

/** Moved by so many points, never off the page. */
export function moved(one: Placed, dx: number, dy: number, paper: Size): Placed {
  return kept({ ...one, left: one.left + dx, top: one.top + dy }, paper);
}

/** Sized by so many points at its lower right corner, never off the page nor too small to be read. */
export function sized(one: Placed, dx: number, dy: number, paper: Size): Placed {
  if (!resizable(one.kind)) return one;
  return {
    ...one,
    width: clamp(one.width + dx, LEAST.width, paper.width - one.left),
    height: clamp(one.height + dy, LEAST.height, paper.height - one.top),
  };
}

function kept(one: Placed, paper: Size): Placed {
  return { ...one, left: clamp(one.left, 0, paper.width - one.width), top: clamp(one.top, 0, paper.height - one.height) };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}

/** What the arrows do to a box: a millimetre, with Control a tenth of it; with Shift the size instead of the place. */
export function byKey(one: Placed, key: string, held: { shift: boolean; fine: boolean }, paper: Size): Placed | null {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!way) return null;
  const step = held.fine ? MM / 10 : MM;
  const [dx = 0, dy = 0] = way.map((each) => each * step);
  return held.shift ? sized(one, dx, dy, paper) : moved(one, dx, dy, paper);
}

/** As a field of the file. */
export function fieldOf(one: Placed, box: PageBox): FieldPlace {
  const from = toUser(box, { x: one.left, y: one.top + one.height }, 1);
  const to = toUser(box, { x: one.left + one.width, y: one.top }, 1);
  const exact = (value: number): number => Math.round(value * 100) / 100;
  return { name: one.name, page: one.page - 1, box: [exact(from.x), exact(from.y), exact(to.x), exact(to.y)] };
}

/** Kinds that the steps of a paper call for, each as often as it is needed. */
export function wantedKinds(acts: readonly string[]): PlaceKind[] {
  return acts.flatMap((act): PlaceKind[] => {
    if (act === "sign") return ["signature"];
    if (act === "initial") return ["initial"];
    if (act === "number") return ["number", "date"];
    return act === "seal" ? ["seal"] : [];
  });
}

/** What is still to be placed, in the order in which it will be filled. */
export function missing(wanted: readonly PlaceKind[], laid: readonly Placed[]): PlaceKind[] {
  const left = laid.map((one) => one.kind);
  return wanted.filter((kind) => {
    const at = left.indexOf(kind);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Kinds that the steps call for and the paper has no field for yet. */
export function stillWanted(acts: readonly string[], there: readonly string[]): PlaceKind[] {
  const kinds = Object.keys(NAMES) as PlaceKind[];
  const had = there.flatMap((name) => kinds.filter((kind) => (kind === "initial" ? /^KyNhay\d+$/.test(name) : NAMES[kind] === name)));
  // However many sign, one place is the official's; the others are found by their names.
  const signs = acts.filter((act, at) => act !== "sign" || acts.indexOf("sign") === at);
  return wantedKinds(signs).filter((kind) => {
    const at = had.indexOf(kind);
    if (at >= 0) had.splice(at, 1);
    return at < 0;
  });
}
