import { type Random, sameText } from "../../core/index.ts";

/**
 * Twenty letters without vowels (no words) and without digits (nothing to confuse), RFC 8628 section 6.1; eight of them
 * are 34.6 bits.
 */
const alphabet = "BCDFGHJKLMNPQRSTVWXZ";
const length = 8;

/** What people type for letters that look alike. */
const lookAlikes: Readonly<Record<string, string>> = {
  "0": "Q",
  O: "Q",
  "1": "L",
  I: "L",
  "2": "Z",
  "5": "S",
  "6": "G",
  "8": "B",
  U: "V",
};

/** A new user code, `BCDF-GHJK`. */
export function makeUserCode(random: Random): string {
  const letters = Array.from({ length }, () => alphabet[random.below(alphabet.length)] ?? "");
  return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
}

/** A typed code in its one form: any case, spaces, dashes and look-alikes are fine. `undefined` when it cannot be one. */
export function normaliseUserCode(typed: string): string | undefined {
  const letters = readLetters(typed);
  if (letters?.length !== length) return undefined;
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** The letters that were typed, in their one form; `undefined` when something else was typed, too. */
function readLetters(typed: string): string | undefined {
  if (typed.length > 64) return undefined;
  const letters = [
    ...typed
      .normalize("NFKC")
      .toUpperCase()
      .replace(/[\s\p{Pd}_.]/gu, ""),
  ].map((c) => lookAlikes[c] ?? c);
  return letters.every((c) => alphabet.includes(c)) ? letters.join("") : undefined;
}

/** The part of a code that may be shown when the asker is elsewhere: `BCDF-`. */
export const headOf = (code: string): string => code.slice(0, 5);

/** Whether the end of the code was typed, or all of it; constant time (S-58). */
export function isTail(typed: string, code: string): boolean {
  const letters = readLetters(typed) ?? "";
  const bare = code.replace("-", "");
  return sameText(letters, letters.length === length ? bare : bare.slice(4));
}
