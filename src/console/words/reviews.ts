import type { Language } from "../../http/index.ts";
import type { ReviewedGrant, ReviewItem, StandsOut } from "../../operations/index.ts";

/** What the pages of reviews say. */
interface ReviewTexts {
  readonly title: string;
  readonly what: string;
  readonly reviewOf: (name: string) => string;
  readonly underWay: string;
  readonly begin: string;
  readonly beginIt: string;
  readonly due: string;
  readonly dueHint: string;
  readonly dueAt: string;
  readonly dueMissing: string;
  readonly unconfirmed: string;
  readonly unconfirmedHint: string;
  readonly keepThem: string;
  readonly takeThemBack: string;
  readonly tooMany: (many: { readonly grants: number; readonly room: number }) => string;
  readonly over: string;
  readonly noneOver: string;
  readonly closedAt: string;
  readonly result: string;
  readonly by: string;
  readonly left: (left: number, all: number) => string;
  readonly go: string;
  readonly unchanged: (n: number) => string;
  readonly confirmUnchanged: (n: number) => string;
  readonly seeThem: string;
  readonly oneByOne: (n: number) => string;
  readonly nothingHere: string;
  readonly decided: (n: number) => string;
  readonly allDecided: string;
  readonly close: string;
  readonly stillLeft: string;
  readonly why: string;
  readonly reasons: Readonly<Record<StandsOut, string>>;
  readonly decision: string;
  readonly decisionFor: (grant: string) => string;
  readonly later: string;
  readonly keep: string;
  readonly shorten: string;
  readonly takeBack: string;
  readonly until: string;
  readonly untilHint: string;
  readonly save: string;
  readonly saveAndKeep: string;
  readonly states: Readonly<Record<ReviewItem["state"], string>>;
  readonly outcomes: Readonly<Record<ReviewedGrant["outcome"], string>>;
  readonly kept: (n: number) => string;
  readonly before: string;
  readonly doIt: string;
  readonly operators: string;
  readonly csv: string;
  readonly json: string;
  readonly tellsWhen: string;
}

const en: ReviewTexts = {
  title: "Reviews",
  what: "In a review each grant of the tenant is looked at again: is it still needed? What is as it was when it was last confirmed, and is used, is confirmed in one act.",
  reviewOf: (name) => `Review of ${name}`,
  underWay: "Under way",
  begin: "Begin a review",
  beginIt: "Begin it",
  due: "Last day",
  dueHint: "By then all is to be decided. Days are those of UTC.",
  dueAt: "Due",
  dueMissing: "Choose the last day: within a year, and not today.",
  unconfirmed: "What nobody decided a week later",
  unconfirmedHint: "The managers are reminded before, and the operators are told.",
  keepThem: "stays as it is",
  takeThemBack: "is taken back",
  tooMany: ({ grants, room }) =>
    `The review that the policy asks for does not begin: there are ${grants} grants, and its result holds about ${room}. Join grants, or take back what nobody needs.`,
  over: "Over",
  noneOver: "No review is over yet.",
  closedAt: "Closed",
  result: "Result",
  by: "By",
  left: (left, all) => (left === 0 ? `All ${all} grants are decided.` : `${left} of ${all} grants are left.`),
  go: "Go on with it",
  unchanged: (n) =>
    n === 1
      ? "1 grant is as it was when it was last confirmed, and somebody got a token for it in the last 90 days."
      : `${n} grants are as they were when they were last confirmed, and somebody got a token for each in the last 90 days.`,
  confirmUnchanged: (n) => (n === 1 ? "Confirm it" : `Confirm all ${n}`),
  seeThem: "Look at them",
  oneByOne: (n) => `One by one: ${n}`,
  nothingHere: "Nothing here.",
  decided: (n) => `Decided: ${n}`,
  allDecided: "All is decided.",
  close: "Close the review",
  stillLeft: "What stands here can be left and gone on with at any time: each decision is kept at once.",
  why: "Why it is here",
  reasons: {
    new: "in no review yet",
    changed: "changed since the last review",
    nobody: "nobody known holds it",
    unused: "no token for it in 90 days",
    own: "only you hold it: another manager confirms it",
  },
  decision: "Decision",
  decisionFor: (grant) => `Decision for ${grant}`,
  later: "later",
  keep: "keep",
  shorten: "shorten",
  takeBack: "take back",
  until: "New last day of what is shortened",
  untilHint: "For those above for which you chose “shorten”.",
  save: "Save these decisions",
  saveAndKeep: "Save them, and keep all others of this page",
  states: {
    open: "left",
    changing: "being changed",
    kept: "confirmed",
    shortened: "shortened",
    "taken-back": "taken back",
    gone: "gone",
  },
  outcomes: {
    confirmed: "confirmed",
    shortened: "shortened",
    "taken-back": "taken back",
    gone: "gone meanwhile",
    "kept-unconfirmed": "kept, confirmed by nobody",
    "taken-back-unconfirmed": "taken back, confirmed by nobody",
  },
  kept: (n) => (n === 1 ? "1 grant is decided." : `${n} grants are decided.`),
  before: "Is this what you want?",
  doIt: "Do it",
  operators: "operator's",
  csv: "As CSV",
  json: "As JSON",
  tellsWhen: "The result becomes a commit in the tenant's folder, and stays.",
};

const de: ReviewTexts = {
  title: "Überprüfungen",
  what: "In einer Überprüfung wird jede Zuweisung des Mandanten noch einmal angesehen: Wird sie noch gebraucht? Was noch so ist wie bei der letzten Bestätigung und benutzt wird, bestätigen Sie mit einem Klick.",
  reviewOf: (name) => `Überprüfung vom ${name}`,
  underWay: "Im Gang",
  begin: "Eine Überprüfung beginnen",
  beginIt: "Beginnen",
  due: "Letzter Tag",
  dueHint: "Bis dahin soll alles entschieden sein. Tage sind die von UTC.",
  dueAt: "Fällig",
  dueMissing: "Wählen Sie den letzten Tag: innerhalb eines Jahres, und nicht heute.",
  unconfirmed: "Was eine Woche später niemand entschieden hat",
  unconfirmedHint: "Vorher werden die Verwalter erinnert, und die Betreiber erfahren es.",
  keepThem: "bleibt, wie es ist",
  takeThemBack: "wird zurückgenommen",
  tooMany: ({ grants, room }) =>
    `Die Überprüfung, die die Regeln verlangen, beginnt nicht: Es sind ${grants} Zuweisungen, und ihr Ergebnis fasst etwa ${room}. Fassen Sie Zuweisungen zusammen, oder nehmen Sie zurück, was niemand braucht.`,
  over: "Abgeschlossen",
  noneOver: "Noch ist keine Überprüfung abgeschlossen.",
  closedAt: "Abgeschlossen",
  result: "Ergebnis",
  by: "Von",
  left: (left, all) =>
    left === 0 ? `Alle ${all} Zuweisungen sind entschieden.` : `${left} von ${all} Zuweisungen sind noch offen.`,
  go: "Weitermachen",
  unchanged: (n) =>
    n === 1
      ? "1 Zuweisung ist noch so wie bei der letzten Bestätigung, und jemand hat in den letzten 90 Tagen ein Token dafür geholt."
      : `${n} Zuweisungen sind noch so wie bei der letzten Bestätigung, und für jede hat jemand in den letzten 90 Tagen ein Token geholt.`,
  confirmUnchanged: (n) => (n === 1 ? "Bestätigen" : `Alle ${n} bestätigen`),
  seeThem: "Ansehen",
  oneByOne: (n) => `Einzeln: ${n}`,
  nothingHere: "Hier ist nichts.",
  decided: (n) => `Entschieden: ${n}`,
  allDecided: "Alles ist entschieden.",
  close: "Überprüfung abschließen",
  stillLeft: "Sie können jederzeit aufhören und später weitermachen: Jede Entscheidung wird sofort gemerkt.",
  why: "Warum sie hier steht",
  reasons: {
    new: "noch in keiner Überprüfung",
    changed: "seit der letzten Überprüfung geändert",
    nobody: "keine bekannte Person hat sie",
    unused: "seit 90 Tagen kein Token dafür",
    own: "nur Sie haben sie: jemand anderes bestätigt sie",
  },
  decision: "Entscheidung",
  decisionFor: (grant) => `Entscheidung für ${grant}`,
  later: "später",
  keep: "behalten",
  shorten: "verkürzen",
  takeBack: "zurücknehmen",
  until: "Neuer letzter Tag für Verkürztes",
  untilHint: "Für die Zuweisungen oben, bei denen „verkürzen“ gewählt ist.",
  save: "Diese Entscheidungen speichern",
  saveAndKeep: "Speichern und alle übrigen dieser Seite behalten",
  states: {
    open: "offen",
    changing: "wird geändert",
    kept: "bestätigt",
    shortened: "verkürzt",
    "taken-back": "zurückgenommen",
    gone: "nicht mehr da",
  },
  outcomes: {
    confirmed: "bestätigt",
    shortened: "verkürzt",
    "taken-back": "zurückgenommen",
    gone: "inzwischen nicht mehr da",
    "kept-unconfirmed": "behalten, von niemandem bestätigt",
    "taken-back-unconfirmed": "zurückgenommen, von niemandem bestätigt",
  },
  kept: (n) => (n === 1 ? "1 Zuweisung ist entschieden." : `${n} Zuweisungen sind entschieden.`),
  before: "Ist es das, was Sie wollen?",
  doIt: "So machen",
  operators: "vom Betreiber",
  csv: "Als CSV",
  json: "Als JSON",
  tellsWhen: "Das Ergebnis wird ein Commit im Ordner des Mandanten und bleibt.",
};

/** By language: exhaustive, a missing text does not compile. */
export const reviewTexts: Readonly<Record<Language, ReviewTexts>> = { en, de };
