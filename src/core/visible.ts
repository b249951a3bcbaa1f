/**
 * Everything that a terminal acts on instead of showing it (C0 and C1 controls), that turns the direction of a text or that
 * nobody sees (format characters), and the separators that some viewers take for line ends. Line feed and tab stay: they
 * are ours. Names from identity providers and clouds hold such characters when somebody wants a screen to lie.
 */
const unseen = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A text as a terminal may get it: what it would act on stands there as `\u009b`, the escape of JSON, YAML's double quotes
 * and most languages. So JSON stays the same JSON.
 */
export const visible = (text: string): string =>
  text.replace(unseen, (character) => character.split("").map(escaped).join(""));

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
