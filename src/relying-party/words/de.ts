import { type Html, html } from "../../http/index.ts";
import type { en } from "./en.ts";

/** What the sign-in pages say, in German. */
export const de: typeof en = {
  title: "Anmelden",
  message:
    "Geben Sie die E-Mail-Adresse Ihres Arbeitskontos ein. Sie melden sich bei Ihrer eigenen Organisation an; wir sehen Ihr Passwort nie.",
  email: "E-Mail-Adresse",
  goOn: "Weiter",
  momentTitle: "Einen Augenblick",
  moment: "Ihre Anmeldung wird gerade abgeschlossen. Die Seite geht von selbst weiter.",
  leavingTitle: "Weiter zu Ihrer Organisation",
  leaving: (organization: string): Html =>
    html`Sie melden sich bei <strong>${organization}</strong> an und kommen hierher zurück.`,
  goOnTo: (organization: string) => `Weiter zu ${organization}`,
  chooseTitle: "Wählen Sie, wo Sie sich anmelden",
  memberSays: (organization: string): Html =>
    html`Geben Sie die E-Mail-Adresse ein, unter der <strong>${organization}</strong> Sie eingeladen hat.`,
  chooseSays: (organization: string): Html =>
    html`Bei <strong>${organization}</strong> gibt es mehrere Stellen, sich anzumelden. Wählen Sie die, bei der Sie Ihr Arbeitskonto haben.`,
  switchTitle: "Sie sind schon angemeldet",
  signedIn: (name: string, tenant: string): Html => html`Angemeldet als <strong>${name}</strong> (${tenant}).`,
  switchSays:
    "Der Link verlangt, dass Sie sich noch einmal anmelden, vielleicht als jemand anderes. Wenn Sie das nicht wollten, bleiben Sie, wie Sie sind.",
  stay: "Angemeldet bleiben",
  switchTo: (organization: string) => `Bei ${organization} neu anmelden`,
};
