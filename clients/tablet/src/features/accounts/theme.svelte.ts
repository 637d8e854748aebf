/** Light, dark, or as the system has it; remembered on this device. */
export type Theme = "system" | "light" | "dark";

const REMEMBERED = "phien.theme";

function remembered(): Theme {
  const kept = localStorage.getItem(REMEMBERED);
  return kept === "light" || kept === "dark" ? kept : "system";
}

let chosen = $state<Theme>("system");

export function theme(): Theme {
  return chosen;
}

export function setTheme(next: Theme): void {
  chosen = next;
  if (next === "system") {
    localStorage.removeItem(REMEMBERED);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(REMEMBERED, next);
    document.documentElement.dataset.theme = next;
  }
}

/** At the start, before anything is drawn. */
export function restoreTheme(): void {
  setTheme(remembered());
}
