import { type Seconds, seconds } from "./ids.ts";

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

const isUnit = (text: string): text is keyof typeof units => Object.hasOwn(units, text);

/** A length of time as people write it: `90s`, `10m`, `12h`, `30d`; nothing when it is written otherwise. */
export function parseLength(text: string): Seconds | undefined {
  const [, count, unit = ""] = /^([1-9][0-9]{0,6})([smhd])$/.exec(text) ?? [];
  return isUnit(unit) ? seconds(Number(count) * units[unit]) : undefined;
}

/** The same the other way round, in the largest unit that says it exactly. */
export function formatLength(length: Seconds): string {
  const [unit, size] = Object.entries(units).findLast(([, each]) => length % each === 0) ?? ["s", 1];
  return `${length / size}${unit}`;
}
