/** Shapes that several components share. */
import type { LucideIcon } from "@lucide/svelte";
import type { Snippet } from "svelte";

import type { PageBox, Selected, XY } from "../pdf/index.ts";

/** An icon component, e.g. `import Check from "@lucide/svelte/icons/check"`. */
export type IconType = LucideIcon;

/** Signing step: done (blue tick), current (blue), waiting (ring), sealed (red stamp), returned (with the reason). */
export interface Step {
  title: string;
  by: string;
  state: "done" | "current" | "waiting" | "sealed" | "returned";
  /** Time as text, "27/11 · 07:44", or what the person waits for, "Đến lượt". */
  at?: string;
  /** Why it was returned. */
  reason?: string;
  /** What the step is, shown while it waits. */
  icon?: IconType;
}

export interface NavItem {
  href: string;
  label: string;
  icon: IconType;
  current?: boolean;
  count?: number;
  countTone?: "wait" | "sign" | "neutral";
}

export interface Choice<T extends string = string> {
  value: T;
  label: string;
  icon?: IconType;
  /** "against" is filled with ink instead of teal. */
  tone?: "against";
  /** For `Select` and `Menu`: shown, not to be chosen. */
  disabled?: boolean;
}

export interface MenuItem {
  label: string;
  icon?: IconType;
  /** Red: cannot be undone. Ask in a dialog before doing it. */
  final?: boolean;
  /** Why it cannot be chosen now; shown under the label. */
  disabled?: string;
  onselect: () => void;
}

export type MenuProps = {
  label: string;
  items: MenuItem[];
  icon?: IconType;
  /** The word on the button, where the icon alone does not say what it does. */
  word?: string;
};

export interface Column<R> {
  key: string;
  title: string;
  /** CSS width; columns without share what is left. */
  width?: string;
  /** CSS width that is never undercut: the others give way first. */
  least?: string;
  align?: "start" | "end" | "center";
  /** Plain text of a cell where the `cell` snippet gives none. */
  text?: (row: R) => string;
}

/** What a page of the strip carries: own ink, ink of a group, shared ink. */
export type PageMark = "private" | "group" | "shared";

/** A live page as an overlay sees it. */
export interface PageView {
  /** From 1. */
  readonly page: number;
  readonly box: PageBox;
  /** CSS pixels a point. */
  readonly scale: number;
  /** Text between two places of the window, as quads and words. */
  readonly textBetween: (from: XY, to: XY) => Selected | null;
}

/** What is looked for on the pages; `active` is the place that was gone to, `nth` counts on its page from 0. */
export interface Looking {
  readonly query: string;
  readonly active: { readonly page: number; readonly nth: number } | null;
}

export type { InkTool } from "../ink/index.ts";

/** What is asked before an act that cannot be undone. */
export type ConfirmProps = {
  open: boolean;
  title: string;
  /** What happens and whom it touches. */
  text: string;
  /** The verb with its object, "Thu hồi tài liệu". */
  act: string;
  variant?: "primary" | "final" | "sign";
  busy?: string | false;
  /** Why the act cannot be done yet, e.g. a reason is missing. */
  disabled?: string | false;
  /** Words of the way out, "Giữ lại". */
  keep?: string;
  /** Fields, e.g. a reason. */
  children?: Snippet;
  onact: () => void;
  onclose: () => void;
};
