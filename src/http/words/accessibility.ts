import type { Language } from "../language.ts";

/** The statement's texts; how each page was looked at stands there as it is done in `test/pages`. */
interface AccessibilityTexts {
  readonly title: string;
  readonly link: string;
  readonly applies: (host: string) => string;
  readonly status: { readonly title: string; readonly text: string };
  readonly tested: { readonly title: string; readonly text: string; readonly how: readonly string[] };
  readonly limits: { readonly title: string; readonly all: readonly string[] };
  readonly contact: {
    readonly title: string;
    readonly text: string;
    readonly nobody: string;
    readonly mail: string;
    readonly enforcement: string;
  };
  readonly date: (day: string) => string;
}

/** By language: a missing text does not compile. */
export const accessibilityTexts: Readonly<Record<Language, AccessibilityTexts>> = {
  en: {
    title: "Accessibility statement",
    link: "Accessibility",
    applies: (host) => `This statement is about the pages of ${host}: signing in, your own logins, and the console.`,
    status: {
      title: "How accessible the pages are",
      text: "They are made to conform to the Web Content Accessibility Guidelines (WCAG) 2.2, level AA, which go beyond EN 301 549. We know of no page that does not, but for what is named below.",
    },
    tested: {
      title: "What was tested, and how",
      text: "With each change of the software, every page is opened in a real browser (Chromium), in German and English, in light and dark colours:",
      how: [
        "axe-core looks for violations of WCAG 2.0 to 2.2, levels A and AA, and of best practice: none are accepted.",
        "By keyboard alone: the Tab key reaches everything in reading order, and one sees where it is.",
        "At 320 pixels (a window of 1280 at 400 %), and with text of double size, nothing is cut off.",
        "Without JavaScript: every page works.",
      ],
    },
    limits: {
      title: "What is not so good yet",
      all: [
        "The pages were not tested by people who use a screen reader every day.",
        "Some sentences about mistakes in a policy are in English on German pages. They are marked as English.",
        "The sign-in at your organization, and mails that it sends, are its own and not part of this statement.",
      ],
    },
    contact: {
      title: "Tell us",
      text: "If something keeps you out, or you need something in another form, write to us. We answer.",
      nobody:
        "If something keeps you out, tell the domain manager of your organization, or whoever gave you this address.",
      mail: "E-mail",
      enforcement: "If our answer does not help, you can turn to",
    },
    date: (day) => `This statement is of ${day}. It was made by ourselves, from the tests above.`,
  },
  de: {
    title: "Erklärung zur Barrierefreiheit",
    link: "Barrierefreiheit",
    applies: (host) =>
      `Diese Erklärung gilt für die Seiten von ${host}: die Anmeldung, Ihre eigenen Anmeldungen und die Konsole.`,
    status: {
      title: "Wie barrierefrei die Seiten sind",
      text: "Sie sind so gemacht, dass sie die Web Content Accessibility Guidelines (WCAG) 2.2 auf Stufe AA einhalten, die über EN 301 549 hinausgehen. Uns ist keine Seite bekannt, die das nicht tut, bis auf das, was unten genannt ist.",
    },
    tested: {
      title: "Was geprüft wurde, und wie",
      text: "Bei jeder Änderung der Software wird jede Seite in einem echten Browser (Chromium) geöffnet, auf Deutsch und Englisch, in hellen und dunklen Farben:",
      how: [
        "axe-core sucht nach Verstößen gegen WCAG 2.0 bis 2.2, Stufen A und AA, und gegen bewährte Regeln: Keiner wird hingenommen.",
        "Nur mit der Tastatur: Die Tabulatortaste erreicht alles in der Reihenfolge des Lesens, und man sieht, wo man ist.",
        "Bei 320 Pixeln (ein Fenster von 1280 bei 400 %) und mit doppelt so großer Schrift wird nichts abgeschnitten.",
        "Ohne JavaScript: Jede Seite funktioniert.",
      ],
    },
    limits: {
      title: "Was noch nicht so gut ist",
      all: [
        "Die Seiten wurden nicht von Menschen geprüft, die täglich mit einem Screenreader arbeiten.",
        "Einige Sätze über Fehler in einer Richtlinie sind auf deutschen Seiten englisch. Sie sind als Englisch ausgezeichnet.",
        "Die Anmeldung bei Ihrer Organisation und Mails von ihr sind deren eigene und nicht Teil dieser Erklärung.",
      ],
    },
    contact: {
      title: "Sagen Sie es uns",
      text: "Wenn Sie etwas aussperrt oder Sie etwas in anderer Form brauchen, schreiben Sie uns. Wir antworten.",
      nobody:
        "Wenn Sie etwas aussperrt, sagen Sie es dem Domain-Manager Ihrer Organisation oder wer Ihnen diese Adresse gab.",
      mail: "E-Mail",
      enforcement: "Hilft unsere Antwort nicht, können Sie sich wenden an",
    },
    date: (day) => `Diese Erklärung ist vom ${day}. Wir haben sie selbst erstellt, aus den Prüfungen oben.`,
  },
};
