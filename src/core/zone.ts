import { parseTime } from "./clock.ts";
import { type Instant, instant } from "./ids.ts";

/** What a wall clock's time is: a moment; or `gap` (the clock jumps over it), `twice` (it shows it again), `none` (no time, no zone). */
export type ZonedTime = { readonly at: Instant } | { readonly not: "gap" | "twice" | "none" };

/** True for a name of the IANA time zone database that this Node knows. Plain offsets are no zones: they know no summer time. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads `2027-01-31T18:00` or `2027-01-31` (midnight) as the clocks of an IANA zone show it. A time that the change to
 * or from summer time leaves out or shows twice is none: whoever writes it must say what is meant, with an offset.
 */
export function parseZonedTime(text: string, zone: string): ZonedTime {
  const [, day = "", time = "00:00"] = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?))?$/.exec(text) ?? [];
  const asIfUtc = parseTime(`${day}T${time}Z`);
  if (asIfUtc === undefined || !isZone(zone)) return { not: "none" };
  // Whatever change is near, the right offset is that of a day before or of a day after.
  const guesses = [-86_400, 86_400].map((shift) => instant(asIfUtc - offsetAt(instant(asIfUtc + shift), zone)));
  const [at, second] = [...new Set(guesses)].filter((guess) => guess + offsetAt(guess, zone) === asIfUtc);
  if (at === undefined) return { not: "gap" };
  return second === undefined ? { at } : { not: "twice" };
}

/** Seconds that the zone's clocks are ahead of UTC at a moment. */
function offsetAt(at: Instant, zone: string): number {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const part = Object.fromEntries(format.formatToParts(at * 1000).map(({ type, value }) => [type, value]));
  const shown = parseTime(
    `${part["year"]}-${part["month"]}-${part["day"]}T${part["hour"]}:${part["minute"]}:${part["second"]}Z`,
  );
  return shown === undefined ? 0 : shown - at;
}
