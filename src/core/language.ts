/** Languages that pages are written in; the first one is for whoever asks for none of them. */
export const languages = ["en", "de"] as const;

/** A language that pages are written in. */
export type Language = (typeof languages)[number];

/** More than any browser sends; what comes after is not read. */
const limits = { chars: 1_000, ranges: 50 } as const;

/**
 * The language of ours that a browser likes best, from its `Accept-Language` (RFC 9110 sections 12.4.2 and 12.5.4): the
 * highest weight wins, of equal ones the first named, a weight of 0 means "not this one". `de-CH` asks for German.
 */
export function chooseLanguage(accepted: string | undefined): Language {
  if (accepted === undefined) return languages[0];
  const ranges = (accepted ?? "").slice(0, limits.chars).split(",", limits.ranges).flatMap(readRange);
  const anyOther = ranges.find((r) => r.tag === "*");
  const weighed = languages.map((language) => {
    const named = ranges.filter((r) => r.tag === language).sort((a, b) => b.weight - a.weight);
    const best = named[0] ?? anyOther;
    return { language, weight: best?.weight ?? 0, place: best?.place ?? 0 };
  });
  const [best] = weighed.sort((a, b) => b.weight - a.weight || a.place - b.place);
  return best && best.weight > 0 ? best.language : languages[0];
}

/** One range: its first subtag in lower case, its weight, where it stood. Malformed ones are left out. */
function readRange(text: string, place: number): { tag: string; weight: number; place: number }[] {
  const found =
    /^[ \t]*(\*|[a-z]{1,8})(?:-[a-z\d]{1,8})*[ \t]*(?:;[ \t]*q[ \t]*=[ \t]*([01](?:\.\d{0,3})?)[ \t]*)?$/i.exec(text);
  const weight = Number(found?.[2] ?? "1");
  return found?.[1] === undefined || weight > 1 ? [] : [{ tag: found[1].toLowerCase(), weight, place }];
}
