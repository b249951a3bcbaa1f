import type { Language } from "../../http/index.ts";

/** What pages say of the use of rights: a broker knows who got a token for a target, and not what was done with it. */
interface LastTokenTexts {
  readonly heading: string;
  readonly anyHeading: string;
  readonly none: string;
  readonly since: string;
  readonly by: (author: string) => string;
  readonly meaning: string;
  readonly loseInUse: (n: number) => string;
}

const en: LastTokenTexts = {
  heading: "Last got a token for it",
  anyHeading: "Somebody last got a token for it",
  none: "none known",
  since: "Stands since",
  by: (author) => `by ${author}`,
  meaning:
    "What somebody does on a cloud or cluster is not known here, only when a token for it was last got, within an hour. It is remembered as long as people are.",
  loseInUse: (n) =>
    n === 1
      ? "1 of those who lose it got a token for it in the last 30 days:"
      : `${n} of those who lose it got a token for it in the last 30 days:`,
};

const de: LastTokenTexts = {
  heading: "Zuletzt ein Token dafür geholt",
  anyHeading: "Zuletzt hat jemand ein Token dafür geholt",
  none: "keines bekannt",
  since: "Gilt so seit",
  by: (author) => `durch ${author}`,
  meaning:
    "Was jemand auf einer Cloud oder einem Cluster tut, ist hier nicht bekannt, nur wann zuletzt ein Token dafür geholt wurde, auf eine Stunde genau. Gemerkt wird es so lange wie die Personen.",
  loseInUse: (n) =>
    n === 1
      ? "1 Person, die es verliert, hat in den letzten 30 Tagen ein Token dafür geholt:"
      : `${n} Personen, die es verlieren, haben in den letzten 30 Tagen ein Token dafür geholt:`,
};

/** By language: exhaustive, a missing text does not compile. */
export const lastTokenTexts: Readonly<Record<Language, LastTokenTexts>> = { en, de };
