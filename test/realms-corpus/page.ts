import { corpus } from "./corpus.ts";
import { coverage, shareSaid } from "./fields/count.ts";
import { namedFields } from "./fields/named.ts";
import { known } from "./known.ts";
import {
  emptyIsNone,
  emptyMapIsNone,
  leftOut,
  leftOutAttributes,
  leftOutBeginnings,
  leftOutIn,
  type MayDiffer,
  mirrors,
  numbering,
  sameAsUnset,
} from "./oracle/may-differ.ts";

/** What the reference of realm files says of what an import keeps: in Markdown, generated. */
export const corpusPage = (): string => [...fieldsSection(), ...differencesSection(), ...knownSection()].join("\n");

function fieldsSection(): string[] {
  const all = coverage();
  const rows = all.map((it) => {
    const { kind, there, nobodys, said, elsewhere, open } = it;
    const share = Math.round(shareSaid(it) * 1000) / 10;
    const counts = [there, nobodys, said, elsewhere].map(({ length }) => length).join(" | ");
    return `| ${kind} | ${counts} | ${list(open)} | ${share} % |`;
  });
  const reasons = Object.entries(namedFields).flatMap(([kind, fields]) => {
    const by = Map.groupBy(Object.entries(fields), ([, { as, because }]) => `${as} | ${because}`);
    return [...by].map(([why, those]) => `| ${kind} | ${list(those.map(([field]) => field))} | ${why} |`);
  });
  const noted = all.flatMap(({ kind, noted }) =>
    Object.entries(noted).map(([field, count]) => `| ${kind} | \`${field}\` | ${count} |`),
  );
  return [
    "## Which of Keycloak's fields files say",
    "",
    "Counted over the classes of Keycloak's representations. Said: fields that came through with several values whenever a realm",
    "of the corpus (`npm run realms-corpus`) was imported and made again, but for what a note of the import says it leaves out.",
    "The share is of the fields that are there to be said: not of those that are Keycloak's or people's (`own`, `older`, `off` and",
    "`people` in the next table).",
    "",
    "| kind | fields there | Keycloak's or people's | said | elsewhere | not said | share said |",
    "|---|---|---|---|---|---|---|",
    ...rows,
    "",
    "`own`: Keycloak makes it or works it out. `older`: Keycloak reads it in exports of older versions and never tells it. `off`: of a",
    "feature that is off by default. What is written to any of these is not kept: a test tries each on a real Keycloak. `people`:",
    "accounts, and what they and their servers write, are not in realm files. `elsewhere`: said at another place.",
    "",
    "| kind | fields | named as | because |",
    "|---|---|---|---|",
    ...reasons,
    "",
    "Of fields that are said, these were left out of some objects, each with a note of the import (see above: what no file says).",
    "",
    "| kind | field | objects of the corpus |",
    "|---|---|---|",
    ...noted,
    "",
  ];
}

function differencesSection(): string[] {
  const rows = (where: string, those: Readonly<Record<string, MayDiffer>>) =>
    Object.entries(those).map(([name, { what, because }]) => `| ${where} \`${name}\` | ${what} | ${because} |`);
  return [
    "## What may differ",
    "",
    "A realm that is made again from its imported file is the same by Keycloak's own export, and by what an export leaves out:",
    "scope mappings, service accounts, organizations, profile, authorization services, texts. Only this may differ:",
    "",
    "| where | what | because |",
    "|---|---|---|",
    ...rows("every member", leftOut),
    ...rows("attributes that begin with", leftOutAttributes),
    `| attributes of a realm that are called like a member of it | ${mirrors.what} | ${mirrors.because} |`,
    ...rows("beginning of every", leftOutBeginnings),
    ...rows("not said, or said as it is unset:", sameAsUnset),
    ...rows("an empty text in", emptyIsNone),
    ...rows("an empty", emptyMapIsNone),
    ...rows("always", leftOutIn),
    ...rows("every member", numbering),
    "",
  ];
}

function knownSection(): string[] {
  const by = Map.groupBy(Object.entries(known), ([, { because }]) => because);
  const rows = [...by].map(
    ([why, those]) => `| ${why} | ${those.length} | ${those.map(([name]) => name).join(", ")} |`,
  );
  const left = Object.keys(known).length;
  return [
    "## Realms of the corpus that do not come through whole",
    "",
    `Of ${corpus.length} realms ${corpus.length - left} come through exactly, and ${left} but for what the imported file itself says it leaves out.`,
    "",
    ...["| because | realms | which |", "|---|---|---|", ...rows, ""],
  ];
}

const list = (fields: readonly string[]): string => fields.map((field) => `\`${field}\``).join(", ");
