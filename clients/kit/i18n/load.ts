/** Loads the catalogue of a language from what the build carries, so that it is there without network. */
import { type Locale, setLocale } from "./messages.ts";

type Messages = Record<string, string>;
const catalogues = import.meta.glob<Messages>(["../../wire/locale/*.json", "!../../wire/locale/vi.json"], { import: "default" });
const REMEMBERED = "phien.locale";

/** The language chosen on this device; Vietnamese where nothing was chosen. */
export function preferredLocale(): Locale {
  return localStorage.getItem(REMEMBERED) === "en" ? "en" : "vi";
}

/** Puts `locale` in use, and remembers it. Vietnamese needs no file: the keys are the text. */
export async function loadLocale(locale: Locale): Promise<void> {
  localStorage.setItem(REMEMBERED, locale);
  document.documentElement.lang = locale;
  const load = catalogues[`../../wire/locale/${locale}.json`];
  setLocale(locale, load ? await load() : {});
}
