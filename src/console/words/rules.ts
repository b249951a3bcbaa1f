import type { Language } from "../../http/index.ts";
import type { RuleSection } from "../../operations/index.ts";

const en = {
  title: "Sets and tests",
  intro:
    "What the tenant's own policy file says a permission set holds, and what its tests want to be true. Within the operator's limits both are yours to change.",
  sections: { sets: "Permission sets", tests: "Tests" } satisfies Record<RuleSection, string>,
  none: "There is none in the tenant's own files.",
  holds: "What it holds",
  line: "Line",
  newOf: { sets: "New permission set", tests: "New test" } satisfies Record<RuleSection, string>,
  changing: (name: string) => `Change ${name}`,
  name: "Name",
  text: "As the policy file has it",
  hintOf: {
    sets: "One right a line, such as: - openstack: { role: member, on: { project: dev } }",
    tests: "as: a login that is tried. expect: what it has, such as includes: [gx1 project customer-a/dev member]",
  } satisfies Record<RuleSection, string>,
  seeFirst: "Show what it does",
  remove: "Remove it …",
  before: "Is this what you want?",
  removing: (name: string) => `Remove ${name}?`,
  back: "Back to the form",
  save: "Save",
  doRemove: "Remove it",
  nameMissing: "Enter a name.",
  textMissing: "Write what it holds.",
};

const de: typeof en = {
  title: "Rechtepakete und Prüfungen",
  intro:
    "Was ein Rechtepaket laut der eigenen Regeldatei enthält, und was deren Prüfungen verlangen. In den Grenzen des Betreibers können Sie beides ändern.",
  sections: { sets: "Rechtepakete", tests: "Prüfungen" },
  none: "In den eigenen Dateien gibt es keine.",
  holds: "Inhalt",
  line: "Zeile",
  newOf: { sets: "Neues Rechtepaket", tests: "Neue Prüfung" },
  changing: (name: string) => `${name} ändern`,
  name: "Name",
  text: "Wie es in der Regeldatei steht",
  hintOf: {
    sets: "Ein Recht je Zeile, etwa: - openstack: { role: member, on: { project: dev } }",
    tests:
      "as: eine Anmeldung, die versucht wird. expect: was sie hat, etwa includes: [gx1 project customer-a/dev member]",
  },
  seeFirst: "Zeigen, was es bewirkt",
  remove: "Entfernen …",
  before: "Ist es das, was Sie wollen?",
  removing: (name: string) => `${name} entfernen?`,
  back: "Zurück zum Formular",
  save: "Speichern",
  doRemove: "Entfernen",
  nameMissing: "Geben Sie einen Namen ein.",
  textMissing: "Schreiben Sie, was es enthält.",
};

/** What the pages of sets and tests say. */
export const rulesTexts: Readonly<Record<Language, typeof en>> = { en, de };
