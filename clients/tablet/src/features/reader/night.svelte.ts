/** Reading at night: the dark theme with paper dimmed further, warm as under a lamp; remembered on this device. */
import { setTheme, theme, type Theme } from "../accounts/theme.svelte.ts";

const REMEMBERED = "phien.night";
const BEFORE = "phien.night.before";

let on = $state(false);

export function night(): boolean {
  return on;
}

export function setNight(next: boolean): void {
  if (next && !on) localStorage.setItem(BEFORE, theme());
  on = next;
  document.documentElement.toggleAttribute("data-night", next);
  if (next) {
    localStorage.setItem(REMEMBERED, "on");
    setTheme("dark");
  } else if (localStorage.getItem(REMEMBERED) !== null) {
    localStorage.removeItem(REMEMBERED);
    const before = localStorage.getItem(BEFORE);
    setTheme(before === "light" || before === "dark" ? (before satisfies Theme) : "system");
  }
}

/** When a paper is opened. Whoever has chosen a light theme since has ended the night. */
export function restoreNight(): void {
  if (localStorage.getItem(REMEMBERED) === null) return;
  on = theme() === "dark";
  if (on) document.documentElement.setAttribute("data-night", "");
  else localStorage.removeItem(REMEMBERED);
}
