import type { Language } from "../../http/index.ts";
import type { OpenProposal } from "../../operations/index.ts";

const en = {
  done: "Proposed, not in use until merged.",
  title: "Proposals",
  caption: "Changes that count when somebody has merged them in the other repository.",
  branch: "Branch",
  state: "State",
  states: {
    unsent: "is sent in a moment",
    open: "waits to be merged",
    gone: "removed there, not merged: it never counts",
  } satisfies Record<OpenProposal["state"], string>,
};

const de: typeof en = {
  done: "Vorgeschlagen, nicht in Kraft, bis es zusammengeführt ist.",
  title: "Vorschläge",
  caption: "Änderungen, die gelten, wenn jemand sie im anderen Repository zusammengeführt hat.",
  branch: "Zweig",
  state: "Stand",
  states: {
    unsent: "wird gleich übertragen",
    open: "wartet darauf, zusammengeführt zu werden",
    gone: "dort entfernt, nicht zusammengeführt: Er gilt nie",
  },
};

/** What is said of proposals. */
export const proposalTexts: Readonly<Record<Language, typeof en>> = { en, de };
