import type { Chance } from "./chance.ts";

const plain = ["desk", "team", "staff", "viewer", "night-shift", "api_2", "Portal"];
const odd = ["Größe 1", "a.b", "x/y", "it's", 'say "so"', "🦊", "1st", "a:b", "null", "#1", "-"];

/** A name as people give it, sometimes an odd one. The number keeps it apart from the others of its kind. */
export function nameFrom(chance: Chance, nth: number): string {
  if (nth === 0 && chance.is(0.02)) return chance.oneOf(["constructor", "toString"]);
  if (chance.is(0.03)) return `${"long ".repeat(38)}${nth}`;
  return `${chance.oneOf(chance.is(0.4) ? odd : plain)}${nth}`;
}

/** A name for what takes no blanks, slashes or quotes. */
export const plainName = (chance: Chance, nth: number): string => `${chance.oneOf(plain)}${nth}`;

/** A text for people. */
export const textFrom = (chance: Chance): string =>
  chance.oneOf(["", "Of our own", "Größe: 5 €", "a\nb", "# no comment", "yes", "- 1", "{env: X}", 'it\'s "so"', "🦊 "]);

/** Attributes with several values each. */
export function attributesFrom(chance: Chance): Record<string, string[]> {
  const values = ["", "1", "a b", "Ä", "true", "x,y"];
  const names = ["floor", "a.b", "types", "__x", "id", "with blank"];
  return Object.fromEntries(
    chance.someOf(names, 3).map((name) => [name, [chance.oneOf(values), ...chance.someOf(values, 2)]]),
  );
}
