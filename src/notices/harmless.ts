/** Longest text of a fact in a mail, in characters. */
const longest = 500;

/** Line ends and other controls, what turns the direction of a text, and what nobody sees. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
/** What programs that show mail make a link of: a scheme, and what looks like the name of a host. */
const scheme = /:(?=\s*\/\/)|(?<=\b(?:mailto|data|javascript|tel|sms)):/giu;
const dotOfHost = /(?<=[\p{L}\p{N}\p{M}_-])[.\u3002\uff0e\uff61](?=[\p{L}\p{N}\p{M}-]*\p{L}[\p{L}\p{N}\p{M}-])/gu;

/**
 * A text of somebody's as it may stand in a mail of ours: on one line, not endless, and nothing that a program makes a link
 * of, since what comes from us is believed: `evil.example` stands there as `evil[.]example`. Invisible characters in its place
 * would not do: a browser drops them from the name of a host (UTS #46).
 */
export function harmless(text: string): string {
  const shown = text.replace(unseen, " ").trim();
  const short = shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
  return short.replace(scheme, "[:]").replace(dotOfHost, "[.]").toWellFormed();
}

/** The same of each fact. */
export const harmlessFacts = (facts: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(facts).map(([name, text]) => [name, harmless(text)]));
