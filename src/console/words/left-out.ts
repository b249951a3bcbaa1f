import type { Language } from "../../http/index.ts";

const en = {
  title: "Not in use",
  remote:
    "The other repository has a commit that does not hold. It was not taken: these files stay in use as they are here.",
  here: "What somebody pushed here does not hold. The last commit that does stays in use.",
  mend: "Mend it where it was pushed. It comes into use by itself a few seconds later.",
};

const de: typeof en = {
  title: "Nicht in Kraft",
  remote:
    "Im anderen Repository steht ein Commit, der nicht hält. Er wurde nicht übernommen: Diese Dateien gelten weiter, wie sie hier sind.",
  here: "Was jemand hierher übertragen hat, hält nicht. Es gilt weiter der letzte Commit, der hält.",
  mend: "Berichtigen Sie es dort, wo es übertragen wurde. Es gilt dann einige Sekunden später von selbst.",
};

/** What is said of pushed files that are not in use. */
export const leftOutTexts: Readonly<Record<Language, typeof en>> = { en, de };
