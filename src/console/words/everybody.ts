import type { Language } from "../../http/index.ts";

const en = {
  search: "Name, user name, address or id",
  searchHint: "Also a whole Keystone user id, or the id of an access request.",
  from: "From",
  member: (state: string | undefined) => (state === undefined ? "member here" : `member here, ${state}`),
  never: "not logged in yet",
  membersSilent: "Keycloak does not answer: members who have not logged in may be missing.",
  membersComing: "The members are being read. Load this page again in a moment.",
  membersAsOf: "Members as of",
  notLookedAt: (clouds: string) =>
    `By a Keystone user id nobody could be looked for at ${clouds}: the cloud has not told the id of the domain. Look at the projects first.`,
  keystoneUser: (cloud: string) => `Keystone user id at ${cloud}`,
};

const de: typeof en = {
  search: "Name, Benutzername, Adresse oder Kennung",
  searchHint: "Auch eine ganze Keystone-Benutzerkennung oder die Kennung einer Zugriffsanfrage.",
  from: "Woher",
  member: (state) => (state === undefined ? "hier Mitglied" : `hier Mitglied, ${state}`),
  never: "noch nie angemeldet",
  membersSilent: "Keycloak antwortet nicht: Mitglieder, die sich noch nicht angemeldet haben, fehlen vielleicht.",
  membersComing: "Die Mitglieder werden gerade gelesen. Laden Sie diese Seite gleich noch einmal.",
  membersAsOf: "Mitglieder: Stand",
  notLookedAt: (clouds) =>
    `Nach einer Keystone-Benutzerkennung ließ sich auf ${clouds} nicht suchen: Die Cloud hat die Kennung der Domäne nicht gesagt. Sehen Sie erst die Projekte an.`,
  keystoneUser: (cloud) => `Keystone-Benutzerkennung auf ${cloud}`,
};

/** What the list of all people says. */
export const everybodyTexts: Readonly<Record<Language, typeof en>> = { en, de };
