import { type Random, sameText } from "../../core/index.ts";

/**
 * Twenty letters without vowels (no words) and without digits (nothing to confuse), RFC 8628 section 6.1. Twelve of them are
 * 51.8 bits: enough that a crowd may have tens of thousands of codes open, and mistype, without anybody guessing one (S-74).
 */
const alphabet = "BCDFGHJKLMNPQRSTVWXZ";
const length = 12;
/** Letters of a group; the last one is what is typed from another network. */
const group = 4;

/** How many codes there are. */
export const codesThereAre = alphabet.length ** length;

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

/** A new user code, `BCDF-GHJK-LMNP`. */
export function makeUserCode(random: Random): string {
  const letters = Array.from({ length }, () => alphabet[random.below(alphabet.length)] ?? "");
  return inGroups(letters.join(""));
}

const inGroups = (letters: string): string => (letters.match(new RegExp(`.{${group}}`, "g")) ?? []).join("-");

/** Signs that no letter of a code is, and that a keyboard, a chat or a mail puts around letters: they stand for nothing. */
const between = /[\s\p{P}\p{Cf}\u2212`~|<>]|\ufe0f/gu;

/**
 * A typed or pasted code in its one form: any case, full width, blanks, line ends, dashes, quotes, invisible characters and
 * look-alikes are fine, and so is the whole link. `undefined` when it cannot be one. One text is one code at the most, so
 * that nobody gets more guesses for what one costs.
 */
export function normaliseUserCode(typed: string): string | undefined {
  const letters = [readLetters(typed), onlyCode(typed)].find((read) => read?.length === length);
  return letters && inGroups(letters);
}

/** The one word of a pasted line that is a code; of two, neither. */
function onlyCode(typed: string): string | undefined {
  if (typed.length > longest) return undefined;
  const codes = typed
    .split(/\s+/)
    .map(readLetters)
    .filter((read) => read?.length === length);
  return codes.length === 1 ? codes[0] : undefined;
}

/** Longer is no code and no link of ours. */
const longest = 512;

/** The letters that were typed, in their one form; `undefined` when something else was typed, too. */
function readLetters(typed: string): string | undefined {
  if (typed.length > longest) return undefined;
  const bare = withoutLink(typed.normalize("NFKC")).toUpperCase().replace(between, "");
  const letters = [...bare].map((c) => lookAlikes[c] ?? c);
  return letters.every((c) => alphabet.includes(c)) ? letters.join("") : undefined;
}

/** Of the link that holds a code, what it says of the code. */
function withoutLink(text: string): string {
  const said = /[?&]user_code=([^&#\s]*)/.exec(text)?.[1];
  if (said === undefined) return text;
  try {
    return decodeURIComponent(said);
  } catch {
    return said;
  }
}

/** The part of a code that may be shown when the asker is elsewhere: `BCDF-GHJK-`. */
export const headOf = (code: string): string => code.slice(0, -group);

/** The end of a code, or all of it, as it was typed; `undefined` when it can be neither. */
export function readTail(typed: string): string | undefined {
  const letters = readLetters(typed);
  return letters?.length === length || letters?.length === group ? letters : undefined;
}

/** Whether what was read is the end of the code, or all of it; constant time (S-58). */
export function isTail(letters: string, code: string): boolean {
  const bare = code.replaceAll("-", "");
  return sameText(letters, letters.length === length ? bare : bare.slice(-group));
}
