import { dateOf, type Instant, isoTime } from "../core/index.ts";
import { type Html, html } from "./html.ts";
import type { Language } from "./language.ts";

const justNow: Readonly<Record<Language, string>> = { en: "a moment ago", de: "gerade eben" };

const units = [
  { unit: "second", seconds: 1, below: 90 },
  { unit: "minute", seconds: 60, below: 5_400 },
  { unit: "hour", seconds: 3_600, below: 129_600 },
  { unit: "day", seconds: 86_400, below: Number.POSITIVE_INFINITY },
] as const;

/** How long ago, or in how long, with the plural of the language: `3 minutes ago`, `in 1 Stunde`. */
export function formatDistance(language: Language, at: Instant, now: Instant): string {
  const distance = at - now;
  if (distance <= 0 && distance > -10) return justNow[language];
  const found = units.find((u) => Math.abs(distance) < u.below) ?? units[3];
  // Cut off, not rounded: nobody may be told that something lasts longer than it does.
  return new Intl.RelativeTimeFormat(language).format(Math.trunc(distance / found.seconds), found.unit);
}

/** A moment of the calendar: `21 Nov 2026, 10:02 UTC`. The zone is said, since the browser's own is not known here. */
export function formatMoment(language: Language, at: Instant): string {
  const locale = { en: "en-GB", de: "de-DE" }[language];
  const text = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  return `${text.format(dateOf(at))} UTC`;
}

/** Distance and moment of a page, readable by machines too. */
export const when = (language: Language, at: Instant, now: Instant): Html =>
  html`<time datetime="${isoTime(at)}">${formatDistance(language, at, now)} (${formatMoment(language, at)})</time>`;
