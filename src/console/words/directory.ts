import type { Language } from "../../http/index.ts";

const en = {
  title: "Directory",
  intro:
    "An identity provider of yours can say who may sign in here (SCIM). Whoever is switched off or removed there loses every login at once. It gives no rights.",
  none: "No identity provider of this tenant pushes its people. Ask your operator to name it under scim in broker.yaml.",
  address: "Address to push to",
  sources: (names: string) => `These push their people: ${names}.`,
  tokens: "Tokens",
  noToken: "There is no token yet.",
  token: "Token",
  of: "Identity provider",
  madeAt: "Made at",
  until: "Good until",
  ending: "End it",
  revoke: "Revoke",
  make: "Make a token",
  whose: "For which identity provider",
  days: "How many days it is good",
  daysHint: "1 to 366",
  wrongDays: "The number of days is a number from 1 to 366.",
  doMake: "Make the token",
  madeTitle: "A new token",
  madeSays:
    "Put it into the settings of your identity provider. It is shown this once and kept nowhere. Who has it says who of you may sign in: give it to nobody else.",
  back: "Back to the directory",
};

type DirectoryTexts = typeof en;

const de: DirectoryTexts = {
  title: "Verzeichnis",
  intro:
    "Ihr Identitätsanbieter kann mitteilen, wer sich hier anmelden darf (SCIM). Wer dort abgeschaltet oder entfernt wird, verliert sofort jede Anmeldung. Rechte gibt das nicht.",
  none: "Kein Identitätsanbieter dieses Mandanten meldet seine Personen. Bitten Sie Ihren Betreiber, ihn in broker.yaml unter scim zu nennen.",
  address: "Adresse, an die gemeldet wird",
  sources: (names) => `Diese melden ihre Personen: ${names}.`,
  tokens: "Token",
  noToken: "Es gibt noch kein Token.",
  token: "Token",
  of: "Identitätsanbieter",
  madeAt: "Erstellt am",
  until: "Gültig bis",
  ending: "Beenden",
  revoke: "Widerrufen",
  make: "Ein Token erstellen",
  whose: "Für welchen Identitätsanbieter",
  days: "Wie viele Tage es gilt",
  daysHint: "1 bis 366",
  wrongDays: "Die Anzahl der Tage ist eine Zahl von 1 bis 366.",
  doMake: "Token erstellen",
  madeTitle: "Ein neues Token",
  madeSays:
    "Tragen Sie es in den Einstellungen Ihres Identitätsanbieters ein. Es wird nur dieses eine Mal angezeigt und nirgends aufbewahrt. Wer es hat, bestimmt, wer von Ihnen sich anmelden darf: geben Sie es niemandem sonst.",
  back: "Zurück zum Verzeichnis",
};

/** By language: exhaustive, a missing text does not compile. */
export const directoryTexts: Readonly<Record<Language, DirectoryTexts>> = { en, de };
