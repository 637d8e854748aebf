/** Words, dates and numbers as the reader's language has them. */
export { locale, messageKey, setLocale, t, type Locale } from "./messages.ts";
export { loadLocale, preferredLocale } from "./load.ts";
export {
  fmtBytes,
  fmtClock,
  fmtDate,
  fmtDateTime,
  fmtDay,
  fmtLeft,
  fmtNumber,
  fmtShortDate,
  fmtTime,
  fmtWeekday,
  fromLocalInput,
  sameDay,
  toLocalInput,
  type Instant,
} from "./format.ts";
export { byGivenName, compareText, fold, initials } from "./names.ts";
