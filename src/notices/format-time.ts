import { dateOf, type Language, parseTime } from "../core/index.ts";

const locales: Readonly<Record<Language, string>> = { en: "en-GB", de: "de-DE" };

/** A time (RFC 3339) as people read it: `21 Nov 2026, 10:02 UTC`. What is no time is left as it stands. */
export function formatTime(language: Language, time: string): string {
  const at = parseTime(time);
  if (at === undefined) return time;
  const options = { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" } as const;
  return `${new Intl.DateTimeFormat(locales[language], options).format(dateOf(at))} UTC`;
}
