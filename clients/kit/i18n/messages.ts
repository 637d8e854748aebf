/** The catalogue in use and `t()`: the key is the Vietnamese source text itself. */
export type Locale = "vi" | "en";
export type Args = Readonly<Record<string, string | number>>;

let current: Locale = "vi";
let catalogue: Readonly<Record<string, string>> = {};

/** Sets the language before the app is mounted. Another language later means a reload: no text is half translated. */
export function setLocale(locale: Locale, messages: Readonly<Record<string, string>>): void {
  current = locale;
  catalogue = messages;
}

export function locale(): Locale {
  return current;
}

/**
 * Text of `key` in the current language, `{name}` filled from `args`. A key without translation is shown in Vietnamese.
 * The key must be a plain string literal, so that extraction finds it.
 */
export function t(key: string, args: Args = {}): string {
  const text = catalogue[key] ?? "";
  return (text === "" ? key : text).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = args[name];
    return value === undefined ? whole : String(value);
  });
}

/** Marks a key in a table (route titles, tool names) for extraction; it is translated where it is shown, by `t`. */
export function messageKey(key: string): string {
  return key;
}
