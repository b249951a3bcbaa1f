import { type Html, html } from "../../http/index.ts";

/** What the sign-in pages say, in English. The other languages have the same texts, or do not compile. */
export const en = {
  title: "Sign in",
  message:
    "Type the e-mail address of your work account. You will sign in at your own organization; we never see your password.",
  email: "E-mail address",
  goOn: "Continue",
  momentTitle: "One moment",
  moment: "Your sign-in is being finished. The page goes on by itself.",
  leavingTitle: "On to your organization",
  leaving: (organization: string): Html => html`You sign in at <strong>${organization}</strong> and come back here.`,
  goOnTo: (organization: string) => `Continue to ${organization}`,
  chooseTitle: "Choose where to sign in",
  memberSays: (organization: string): Html =>
    html`Type the e-mail address under which <strong>${organization}</strong> invited you.`,
  chooseSays: (organization: string): Html =>
    html`<strong>${organization}</strong> has several places to sign in. Choose the one where you have your work account.`,
  switchTitle: "You are signed in already",
  signedIn: (name: string, tenant: string): Html => html`Signed in as <strong>${name}</strong> (${tenant}).`,
  switchSays:
    "The link you followed asks you to sign in again, perhaps as somebody else. If you did not mean to, stay as you are.",
  stay: "Stay signed in",
  switchTo: (organization: string) => `Sign in again at ${organization}`,
};
