/** The one toast on screen: a fact that passes, with an undo where there is one. Errors are banners, never toasts. */

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly undo?: (() => void) | undefined;
}

const SHOWN_MS = 6000;
let serial = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let shown = $state.raw<Toast | null>(null);

export function currentToast(): Toast | null {
  return shown;
}

/** Shows `text` for six seconds in place of the toast before it. `undo` adds the button "Hoàn tác". */
export function toast(text: string, undo?: () => void): void {
  shown = { id: ++serial, text, undo };
  holdToast(false);
}

export function closeToast(): void {
  clearTimeout(timer);
  shown = null;
}

/** While focus or pointer is on it the toast stays: six seconds are short for who reads slowly. */
export function holdToast(hold: boolean): void {
  clearTimeout(timer);
  if (!hold) timer = setTimeout(closeToast, SHOWN_MS);
}
