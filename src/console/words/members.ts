import type { Language } from "../../http/index.ts";

const en = {
  title: "Members",
  intro: "People without an identity provider of their own, who live here as members of your organization.",
  none: "Everybody of this tenant comes through its identity provider. Invite people there.",
  noAccount:
    "Members sign in, and cannot be managed here: this broker has no account for it. Ask its operator to set upstream.members.",
  search: "Name, e-mail address or id",
  nobody: "There is no member yet.",
  noneFound: (text: string) => `Nobody is found by “${text}”.`,
  name: "Name",
  address: "E-mail address",
  state: "State",
  states: { invited: "invited", active: "active", disabled: "disabled" },
  groups: "Groups",
  inNoGroup: "none",
  group: "Group",
  groupHint: "One that is there, or a new one. What is given to it counts at the next login.",
  join: "Put into the group",
  leave: (group: string) => `Take out of ${group}`,
  secondFactor: "Second factor",
  hasSecondFactor: (has: boolean): string => (has ? "set up" : "none yet"),
  since: "Since",
  lastLogin: "Last login",
  never: "not logged in yet",
  id: "Id",
  rights: "Rights, logins and sessions",
  here: "member here",
  invite: "Invite somebody",
  many: {
    title: "Invite many",
    intro:
      "Paste a table from a spreadsheet, with a header row and the columns email, first_name and last_name: up to 200 people. Each row is looked at before the first mail is sent.",
    table: "Table",
    look: "Look at the rows",
    doIt: "Invite those who are new",
    line: "Line",
    outcome: "Outcome",
    outcomes: {
      new: "will be invited",
      invited: "invited",
      "there already": "is there already: no mail",
      twice: "stands above already",
      wrong: "wrong",
      "not yet": "not yet: send the same again",
    },
    wrong: "Nobody was invited: correct these rows first.",
  },
  firstName: "First name",
  lastName: "Last name",
  wrong: {
    email: "Type an e-mail address.",
    first_name: "Type a first name: letters, up to 100.",
    last_name: "Type a last name: letters, up to 100.",
  } as Readonly<Record<string, string>>,
  byMail: "Invite by mail",
  byMailSays:
    "Keycloak sends a link that ends after 12 hours and works once. The person sets a password and a second factor.",
  byPassword: "Make a password for one sign-in",
  byPasswordSays: "Without a mail: the password is shown once, for you to hand over. The person must set another one.",
  passwordTitle: "A password for one sign-in",
  passwordSays: (email: string) =>
    `Hand it to ${email} in person or by telephone. It is shown this once and kept nowhere; at the sign-in another password and a second factor are set.`,
  password: "Password",
  back: "Back to the members",
  again: "Send the invitation again",
  disable: "Disable",
  enable: "Enable",
  remove: "Remove from the tenant",
  withdraw: "Take the invitation back",
  reset: "Reset the second factor",
  ask: {
    disable: (name: string) => `Disable ${name}?`,
    remove: (name: string) => `Remove ${name}?`,
    "reset-second-factor": (name: string) => `Reset the second factor of ${name}?`,
  },
  means: {
    disable: "All logins and sessions end at once, and nobody signs in with this account until you enable it again.",
    remove:
      "All logins and sessions end at once, and the account goes with all that hangs on it. Who is invited again later is a new person, without these rights.",
    "reset-second-factor":
      "At the next sign-in another second factor must be set up. Be sure that it is the person who asks you.",
  },
  done: {
    invited: "The invitation was sent.",
    "there-already":
      "This address is a member or was invited already. No second mail was sent, and no password was made.",
    disable: "Disabled. All logins and sessions were ended.",
    enable: "Enabled.",
    groups: "The groups were changed.",
    remove: "Removed. All logins and sessions were ended.",
    "reset-second-factor": "At the next sign-in another second factor is set up.",
  },
  count: (n: number, total: number) => (n === total ? `${total} members` : `${n} of ${total} members`),
};

/** What pages about members say. */
type MembersTexts = typeof en;

const de: MembersTexts = {
  title: "Mitglieder",
  intro: "Personen ohne eigenen Identitätsanbieter, die hier als Mitglieder Ihrer Organisation geführt werden.",
  none: "Alle Personen dieses Mandanten kommen über dessen Identitätsanbieter. Laden Sie dort ein.",
  noAccount:
    "Mitglieder melden sich an, lassen sich hier aber nicht verwalten: dieser Broker hat kein Konto dafür. Bitten Sie den Betreiber, upstream.members zu setzen.",
  search: "Name, E-Mail-Adresse oder Kennung",
  nobody: "Noch gibt es kein Mitglied.",
  noneFound: (text) => `Zu „${text}“ wird niemand gefunden.`,
  name: "Name",
  address: "E-Mail-Adresse",
  state: "Zustand",
  states: { invited: "eingeladen", active: "aktiv", disabled: "gesperrt" },
  groups: "Gruppen",
  inNoGroup: "keine",
  group: "Gruppe",
  groupHint: "Eine vorhandene oder eine neue. Was ihr zugewiesen ist, gilt ab der nächsten Anmeldung.",
  join: "In die Gruppe aufnehmen",
  leave: (group) => `Aus ${group} herausnehmen`,
  secondFactor: "Zweiter Faktor",
  hasSecondFactor: (has) => (has ? "eingerichtet" : "noch keiner"),
  since: "Seit",
  lastLogin: "Letzte Anmeldung",
  never: "noch nie angemeldet",
  id: "Kennung",
  rights: "Rechte, Anmeldungen und Sitzungen",
  here: "hier Mitglied",
  invite: "Jemanden einladen",
  many: {
    title: "Viele einladen",
    intro:
      "Fügen Sie eine Tabelle ein, mit einer Kopfzeile und den Spalten email, vorname und nachname: bis zu 200 Personen. Jede Zeile wird geprüft, bevor die erste E-Mail hinausgeht.",
    table: "Tabelle",
    look: "Zeilen prüfen",
    doIt: "Die neuen einladen",
    line: "Zeile",
    outcome: "Ergebnis",
    outcomes: {
      new: "wird eingeladen",
      invited: "eingeladen",
      "there already": "ist schon da: keine E-Mail",
      twice: "steht weiter oben schon",
      wrong: "falsch",
      "not yet": "noch nicht: dasselbe noch einmal senden",
    },
    wrong: "Niemand wurde eingeladen: korrigieren Sie zuerst diese Zeilen.",
  },
  firstName: "Vorname",
  lastName: "Nachname",
  wrong: {
    email: "Geben Sie eine E-Mail-Adresse ein.",
    first_name: "Geben Sie einen Vornamen ein: Buchstaben, bis zu 100.",
    last_name: "Geben Sie einen Nachnamen ein: Buchstaben, bis zu 100.",
  },
  byMail: "Per E-Mail einladen",
  byMailSays:
    "Keycloak schickt einen Link, der 12 Stunden gilt und einmal funktioniert. Die Person legt ein Passwort und einen zweiten Faktor fest.",
  byPassword: "Passwort für eine Anmeldung erzeugen",
  byPasswordSays:
    "Ohne E-Mail: das Passwort wird einmal gezeigt, damit Sie es übergeben. Die Person muss ein anderes festlegen.",
  passwordTitle: "Ein Passwort für eine Anmeldung",
  passwordSays: (email) =>
    `Übergeben Sie es ${email} persönlich oder am Telefon. Es wird nur dieses eine Mal gezeigt und nirgends aufbewahrt; bei der Anmeldung werden ein anderes Passwort und ein zweiter Faktor festgelegt.`,
  password: "Passwort",
  back: "Zurück zu den Mitgliedern",
  again: "Einladung noch einmal schicken",
  disable: "Sperren",
  enable: "Entsperren",
  remove: "Aus dem Mandanten entfernen",
  withdraw: "Einladung zurücknehmen",
  reset: "Zweiten Faktor zurücksetzen",
  ask: {
    disable: (name) => `${name} sperren?`,
    remove: (name) => `${name} entfernen?`,
    "reset-second-factor": (name) => `Zweiten Faktor von ${name} zurücksetzen?`,
  },
  means: {
    disable:
      "Alle Anmeldungen und Sitzungen enden sofort, und niemand meldet sich mit diesem Konto an, bis Sie es entsperren.",
    remove:
      "Alle Anmeldungen und Sitzungen enden sofort, und das Konto verschwindet mit allem, was daran hängt. Wer später wieder eingeladen wird, ist eine neue Person ohne diese Rechte.",
    "reset-second-factor":
      "Bei der nächsten Anmeldung muss ein anderer zweiter Faktor eingerichtet werden. Vergewissern Sie sich, dass die Person selbst Sie darum bittet.",
  },
  done: {
    invited: "Die Einladung wurde verschickt.",
    "there-already":
      "Diese Adresse ist schon Mitglied oder eingeladen. Es ging keine zweite E-Mail hinaus, und kein Passwort wurde erzeugt.",
    disable: "Gesperrt. Alle Anmeldungen und Sitzungen wurden beendet.",
    enable: "Entsperrt.",
    groups: "Die Gruppen wurden geändert.",
    remove: "Entfernt. Alle Anmeldungen und Sitzungen wurden beendet.",
    "reset-second-factor": "Bei der nächsten Anmeldung wird ein anderer zweiter Faktor eingerichtet.",
  },
  count: (n, total) => (n === total ? `${total} Mitglieder` : `${n} von ${total} Mitgliedern`),
};

/** By language: exhaustive, a missing text does not compile. */
export const membersTexts: Readonly<Record<Language, MembersTexts>> = { en, de };
