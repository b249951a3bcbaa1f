import type { Said } from "../../core/index.ts";
import type { Language } from "../../http/index.ts";
import type { SentenceFacts, SentenceName } from "../../operations/index.ts";

/** How a request ended, in a sentence. */
const endings: Readonly<Record<string, string>> = {
  approved: "genehmigt",
  denied: "abgelehnt",
  withdrawn: "zurückgezogen",
};

const sections: Readonly<Record<string, string>> = {
  sets: "Rechtebündel",
  people: "Personen",
  grants: "Zuweisungen",
  tests: "Tests",
};

/** What the console refuses with, in German: exhaustive, a missing sentence does not compile. */
const de: { readonly [N in SentenceName]: (facts: SentenceFacts<N>) => string } = {
  changedMeanwhile: ({ fields }) =>
    `Inzwischen hat jemand dasselbe geändert: ${fields}. Sehen Sie es neu an und ändern Sie es noch einmal.`,
  changedHere: () => "Das hat inzwischen jemand geändert.",
  stateGone: () =>
    "Den Stand, den Sie gesehen haben, gibt es im Repository nicht mehr. Sehen Sie es neu an und ändern Sie es noch einmal.",
  operatorsEntry: ({ section, name }) =>
    `„${name}“ (${sections[section] ?? section}) steht in einer Datei des Betreibers. Fragen Sie den Betreiber, oder wählen Sie einen anderen Namen.`,
  othersFile: () =>
    "Die Regeln halten zurzeit nicht, wegen einer Datei, die nicht diesem Mandanten gehört. Nichts wurde gespeichert. Sagen Sie es dem Betreiber.",
  ownRightLost: () =>
    "Das nähme Ihnen selbst das Recht, den Mandanten zu verwalten. Bitten Sie eine andere Verwalterin oder den Betreiber.",
  grantBeyond: ({ grant }) =>
    `Die Zuweisung „${grant}“ gäbe, was nur ein Betreiber gibt: das Recht, über eine Domäne oder die Konsole zu bestimmen.`,
  setBeyond: ({ set }) =>
    `Das Rechtebündel „${set}“ enthielte, was nur ein Betreiber gibt: das Recht, über eine Domäne oder die Konsole zu bestimmen.`,
  noRepository: () =>
    "Dieser Broker hat kein Repository für die Regeln der Mandanten. Bitten Sie den Betreiber, policyRepository zu setzen.",
  noSubject: () =>
    "Der Identitätsanbieter dieser Person sendet keine Kennung. Weisen Sie es einer Gruppe zu, in der sie ist.",
  undoOfOthers: ({ left }) =>
    `Die Änderung betrifft auch ${left}; das macht die Konsole nicht rückgängig. Nehmen Sie sie im Repository zurück.`,
  notOneself: () => "Mit sich selbst geht das nicht. Bitten Sie eine andere Verwalterin oder den Betreiber.",
  notDisabledHere: () => "Dieses Konto lässt sich von hier nicht sperren. Entfernen Sie es aus dem Mandanten.",
  notEnabledHere: () => "Dieses Konto lässt sich von hier nicht entsperren. Fragen Sie den Betreiber.",
  secondFactorOfOthers: () =>
    "Der zweite Faktor dieses Kontos lässt sich von hier nicht zurücksetzen. Fragen Sie den Betreiber.",
  othersAccount: () => "Dieses Konto gehört auch zu einer anderen Organisation. Fragen Sie den Betreiber.",
  othersAccountByMail: () =>
    "Dieses Konto gehört auch zu einer anderen Organisation. Laden Sie die Person per E-Mail ein.",
  mailFailed: () =>
    "Keycloak konnte die E-Mail nicht senden: Niemand wurde eingeladen. Fragen Sie den Betreiber nach dem Mailserver des Realms, oder erzeugen Sie ein Passwort für eine Anmeldung.",
  mailNotSentAgain: () =>
    "Keycloak konnte die E-Mail nicht senden: Die Einladung gilt weiter wie zuvor. Fragen Sie den Betreiber nach dem Mailserver des Realms.",
  canSignIn: () => "Diese Person kann sich schon anmelden; es wird nichts gesendet.",
  tenantMailsSpent: () => "Dieser Mandant hat an einem Tag 300 Einladungen verschickt. Machen Sie morgen weiter.",
  addressMailsSpent: () => "An diese Adresse gingen in einer Stunde drei Einladungen. Warten Sie eine Stunde.",
  groupName: () => "Eine Gruppe heißt nach Buchstaben, Ziffern, Leerzeichen und . _ : / @ -, höchstens 63 Zeichen.",
  groupsFull: ({ most }) => `Ein Mitglied ist in höchstens ${most} Gruppen.`,
  groupBeyond: ({ group }) =>
    `„${group}“ sagt in den Regeln, wer über die Domäne, die Konsole oder Zugriffsanfragen bestimmt. Fragen Sie den Betreiber.`,
  noPlaceForGroups: () =>
    "Im Realm ist noch kein Platz für Gruppen der Mitglieder. Bitten Sie den Betreiber, die Realm-Datei anzuwenden.",
  noSuchSet: () => "Ein solches Rechtebündel lässt sich nicht anfragen.",
  setElsewhere: ({ places }) => `Dieses Rechtebündel lässt sich hier anfragen: ${places}.`,
  askedTooLong: ({ length }) => `Höchstens ${length} lassen sich anfragen.`,
  askedTooOften: () => "Sie haben an einem Tag zwanzig Anfragen gestellt. Fragen Sie morgen wieder.",
  reasonMissing: () => "Sagen Sie, wofür Sie es brauchen: Jemand muss entscheiden.",
  reasonTooLong: ({ most }) => `Höchstens ${most} Zeichen sagen den Grund. Kürzen Sie ihn.`,
  denialMissing: () => "Sagen Sie den Grund: Wer gefragt hat, erfährt ihn.",
  ownRequest: () => "Das ist Ihre eigene Anfrage. Jemand anderes entscheidet sie.",
  setGone: () => "Das Rechtebündel lässt sich nicht mehr anfragen. Lehnen Sie die Anfrage ab.",
  placeGone: () => "Das Rechtebündel gibt es nicht mehr an allen diesen Orten. Lehnen Sie die Anfrage ab.",
  personGone: () => "Wer gefragt hat, ist nicht mehr bekannt. Lehnen Sie die Anfrage ab.",
  setChanged: ({ set }) =>
    `Das Rechtebündel „${set}“ wurde geändert, seit Sie es gesehen haben. Sehen Sie, was es jetzt gibt, und genehmigen Sie das.`,
  fewerPlaces: ({ places }) => `Es können weniger Orte gegeben werden, aber keine anderen: ${places}.`,
  shorterTime: () => "Es kann eine kürzere Zeit gegeben werden, aber keine längere.",
  longestNow: ({ length }) => `Höchstens ${length} lassen sich jetzt geben. Geben Sie es für kürzere Zeit.`,
  requestOver: () => "Die Anfrage ist vorbei: Niemand hat sie rechtzeitig entschieden. Sehen Sie sie neu an.",
  requestTaken: ({ by }) => `Die Anfrage wird gerade${by === "" ? "" : ` von ${by}`} genehmigt. Sehen Sie sie neu an.`,
  requestDecided: ({ state, by }) =>
    `Die Anfrage wurde schon${by === "" ? "" : ` von ${by}`} ${endings[state] ?? "entschieden"}. Sehen Sie sie neu an.`,
  reviewDueWithin: () => "Eine Überprüfung ist innerhalb eines Jahres fällig, und nicht vor heute.",
  reviewUnderWay: ({ review }) => `Die Überprüfung ${review} läuft noch. Schließen Sie zuerst diese ab.`,
  reviewTooLarge: ({ tenant, grants, room }) =>
    `${tenant} hat ${grants} Zuweisungen, und das Ergebnis einer Überprüfung fasst etwa ${room}. Fassen Sie Zuweisungen zusammen, oder nehmen Sie zurück, was niemand braucht.`,
  reviewClosedMeanwhile: () =>
    "Inzwischen hat jemand anderes eine Überprüfung abgeschlossen. Versuchen Sie es noch einmal.",
  reviewOver: () => "Diese Überprüfung ist vorbei. Ändern Sie die Zuweisung selbst.",
  oneGrantLeft: ({ due }) =>
    `1 Zuweisung ist noch nicht entschieden. Bestätigen, verkürzen oder nehmen Sie sie zurück, oder warten Sie bis ${due}.`,
  grantsLeft: ({ left, due }) =>
    `${left} Zuweisungen sind noch nicht entschieden. Bestätigen, verkürzen oder nehmen Sie jede zurück, oder warten Sie bis ${due}.`,
  resultTooLarge: ({ grants }) =>
    `Das Ergebnis ihrer ${grants} Zuweisungen ist größer als 1 MiB, und mehr wird nicht aufbewahrt. Fragen Sie den Betreiber.`,
  decidedJustNow: () => "Gerade entscheidet jemand. Versuchen Sie es in zwei Minuten noch einmal.",
  grantGone: () => "Sie ist nicht mehr da.",
  decidedByOther: ({ by }) => `Inzwischen hat ${by} darüber entschieden.`,
  grantChanged: () => "Sie wurde geändert, seit Sie sie gesehen haben. Sehen Sie sie noch einmal an.",
  onlyYours: () => "Nur Sie haben sie: Jemand anderes bestätigt sie.",
  grantOfOperator: () => "Sie steht in einer Datei des Betreibers. Fragen Sie den Betreiber.",
  endNotToCome: () => "Das neue Ende liegt nicht in der Zukunft.",
  endsSooner: () => "Sie endet schon früher.",
  grantNotInFiles: () => "Sie steht nicht in den Dateien, die Sie gesehen haben. Sehen Sie sie noch einmal an.",
  managesNothing: ({ cloud }) =>
    `Sie verwalten die Domäne des Mandanten auf ${cloud} nicht. Bitten Sie jemanden, der das tut.`,
  projectNameTaken: ({ cloud }) =>
    `Auf ${cloud} gibt es ein Projekt dieses Namens, vielleicht mit anderer Groß- und Kleinschreibung.`,
  projectNotTaken: ({ cloud }) => `${cloud} nimmt es nicht an. Prüfen Sie Name und Beschreibung.`,
  refusedByCloud: ({ cloud, status }) =>
    `${cloud} verweigert es Ihnen nach den eigenen Regeln (${status}). Fragen Sie den Betreiber der Cloud.`,
  noDomainThere: () => "Der Mandant hat dort keine Domäne.",
  roleBeyond: ({ role }) => `Die Rolle „${role}“ vergeben Verwalter dort nicht.`,
};

/** A refusal as it is shown: `english` where the reader's language has no words for it. */
interface Shown {
  readonly message: string;
  readonly english: boolean;
}

/** What was refused, in the reader's language if it has words for it, else in the product's own English. */
export function inWords(
  language: Language,
  { message, said }: { readonly message: string; readonly said?: Said },
): Shown {
  if (language !== "de" || said === undefined || !Object.hasOwn(de, said.name)) return { message, english: true };
  const textOf = de[said.name as SentenceName] as (facts: Said["facts"]) => string;
  return { message: textOf(said.facts), english: false };
}

/** All that is wrong with what was sent: place by place where that is said, each once. */
export function eachInWords(
  language: Language,
  {
    errors,
    ...refusal
  }: Parameters<typeof inWords>[1] & {
    readonly errors?: readonly { readonly detail: string; readonly said?: Said }[];
  },
): readonly Shown[] {
  const all = errors?.map(({ detail, ...more }) => inWords(language, { message: detail, ...more })) ?? [];
  const shown = all.length > 0 ? all : [inWords(language, refusal)];
  return [...new Map(shown.map((one) => [one.message, one])).values()];
}
