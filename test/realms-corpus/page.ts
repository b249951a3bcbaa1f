import { corpus } from "./corpus.ts";
import { coverage } from "./fields/count.ts";
import { namedFields } from "./fields/named.ts";
import { known } from "./known.ts";
import {
  leftOut,
  leftOutAttributes,
  leftOutBeginnings,
  type MayDiffer,
  mirrors,
  numbering,
  sameAsUnset,
} from "./oracle/may-differ.ts";

/** What the reference of realm files says of what an import keeps: in Markdown, generated. */
export const corpusPage = (): string => [...fieldsSection(), ...differencesSection(), ...knownSection()].join("\n");

function fieldsSection(): string[] {
  const rows = coverage().map(({ kind, there, said, named, open }) => {
    const share = Math.round(((said.length + named.length) / there.length) * 1000) / 10;
    return `| ${kind} | ${there.length} | ${said.length} | ${named.length} | ${share} % | ${list(open)} |`;
  });
  const reasons = Object.entries(namedFields).flatMap(([kind, fields]) => {
    const by = Map.groupBy(Object.entries(fields), ([, { as, because }]) => `${as} | ${because}`);
    return [...by].map(([why, those]) => `| ${kind} | ${list(those.map(([field]) => field))} | ${why} |`);
  });
  return [
    "## Which of Keycloak's fields files say",
    "",
    "Counted over the classes of Keycloak's representations. Said: fields that came through with several values whenever a realm",
    "of the corpus (`npm run realms-corpus`) was imported and made again. Named: those below, with the reason.",
    "",
    "| kind | fields there | said | named | together | neither |",
    "|---|---|---|---|---|---|",
    ...rows,
    "",
    "`own`: Keycloak makes it or works it out. `elsewhere`: said at another place. `people`: accounts are not in realm files.",
    "`older`: Keycloak reads it in exports of older versions and never tells it. `off`: of a feature that is off by default.",
    "",
    "| kind | fields | named as | because |",
    "|---|---|---|---|",
    ...reasons,
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
    ...rows("every member", numbering),
    "",
  ];
}

function knownSection(): string[] {
  const by = Map.groupBy(Object.entries(known), ([, { as, because }]) => `${as} | ${because}`);
  const rows = [...by].map(
    ([why, those]) => `| ${why} | ${those.length} | ${those.map(([name]) => name).join(", ")} |`,
  );
  const count = (as: string) => Object.values(known).filter((it) => it.as === as).length;
  const [explained, failing] = [count("explained"), count("failing")];
  return [
    "## Realms of the corpus that do not come through whole",
    "",
    `Of ${corpus.length} realms ${corpus.length - explained - failing} come through exactly, ${explained} but for what the import says it leaves out (\`explained\`),`,
    `and ${failing} not yet (\`failing\`).`,
    "",
    ...["| as | because | realms | which |", "|---|---|---|---|", ...rows, ""],
  ];
}

const list = (fields: readonly string[]): string => fields.map((field) => `\`${field}\``).join(", ");
