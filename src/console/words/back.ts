import type { Language } from "../../http/index.ts";

/** What is said to who had to sign in before a form counted. */
export const backTexts: Readonly<Record<Language, BackTexts>> = {
  en: {
    title: "Nothing has been done yet",
    message: "Your form came when you had to sign in first. It was kept, and nothing of it has been done.",
    about: "It is a form of this page:",
    again: "Send it now",
  },
  de: {
    title: "Es ist noch nichts geschehen",
    message:
      "Ihr Formular kam an, als Sie sich erst anmelden mussten. Es wurde aufgehoben, und nichts davon ist geschehen.",
    about: "Es ist ein Formular dieser Seite:",
    again: "Jetzt absenden",
  },
};

interface BackTexts {
  readonly title: string;
  readonly message: string;
  readonly about: string;
  readonly again: string;
}
