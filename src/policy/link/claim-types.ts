import { nearest, type Path, suggest, type YamlDocument } from "../../yaml/index.ts";
import { parseEntitlement } from "../evaluate/entitlement-urn.ts";
import type { ProblemReport } from "../format/read.ts";
import type { AtomText, PredicateText } from "../format/schema.ts";
import type { ClaimType, IdentityProvider } from "../identity-provider.ts";

/** eduPersonAffiliation (eduPerson 202208, section 2.2.1). */
const affiliations = ["faculty", "student", "staff", "alum", "member", "affiliate", "employee", "library-walk-in"];

const refeds = "https://refeds.org/assurance";
/** REFEDS Assurance Framework 1.0 and 2.0. */
const assurances = [
  refeds,
  ...["unique", "eppn-unique-no-reassign", "eppn-unique-reassign-1y"].map((v) => `${refeds}/ID/${v}`),
  ...["low", "medium", "high", "local-enterprise"].map((v) => `${refeds}/IAP/${v}`),
  ...["ePA-1d", "ePA-1m"].map((v) => `${refeds}/ATP/${v}`),
  ...["cappuccino", "espresso"].map((v) => `${refeds}/profile/${v}`),
  `${refeds}/version/2`,
];

/** What is wrong with a value of a vocabulary, if anything; other frameworks' assurance values may be anything. */
const wrongValue: Readonly<Record<NonNullable<ClaimType["of"]>, (value: string) => string | undefined>> = {
  uuid: (v) =>
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(v) ? undefined : "it holds UUIDs, and this is not one",
  email: (v) => (/^[^@\s]+@[^@\s]+$/.test(v) ? undefined : "it holds e-mail addresses, and this is not one"),
  affiliation: (v) => amongst(v, affiliations, "an affiliation of eduPerson"),
  "scoped-affiliation": (v) => {
    const [affiliation = "", scope = "", more] = v.split("@");
    if (scope === "" || more !== undefined) return "it holds scoped affiliations, like staff@a.example";
    return amongst(affiliation, affiliations, "an affiliation of eduPerson");
  },
  entitlement: (v) =>
    parseEntitlement(v) === undefined ? "it holds entitlements (AARC-G069), and this is not one" : undefined,
  assurance: (v) =>
    v.startsWith(refeds) ? amongst(v, assurances, "a value of the REFEDS Assurance Framework") : undefined,
};

function amongst(value: string, known: readonly string[], what: string): string | undefined {
  if (known.includes(value)) return undefined;
  const guess = nearest(value, known);
  return `"${value}" is not ${what}${guess === undefined ? "" : `; did you mean "${guess}"?`}`;
}

/** What is wrong with a value of REFEDS assurance that a grant requires. */
export const wrongAssurance = wrongValue.assurance;

/** Checks a condition against the declared claims: the name, the shape, and each value it compares with. */
export function checkTyped(
  document: YamlDocument,
  path: Path,
  atom: AtomText,
  identityProvider: IdentityProvider | undefined,
  report: ProblemReport,
): void {
  const declared = identityProvider?.claims;
  if (declared === undefined) return;
  for (const [claim, p] of Object.entries(atom)) {
    const at = [...path, claim];
    const type = declared.get(claim);
    if (type === undefined) {
      report.add(
        document,
        at,
        `${identityProvider?.alias} sends no claim "${claim}"`,
        suggest(claim, declared.keys()),
        true,
      );
      continue;
    }
    if (p.verified === true && declared.get(`${claim}_verified`)?.type !== "boolean")
      report.add(
        document,
        at,
        `${identityProvider?.alias} sends no "${claim}_verified"`,
        "declare it as a boolean, or compare another claim",
      );
    const wrong = wrongShape(p, type);
    if (wrong !== undefined) report.add(document, at, wrong);
    for (const [key, value] of compared(p)) {
      const message = type.of === undefined ? undefined : wrongValue[type.of](value);
      if (message !== undefined) report.add(document, [...at, ...key], message);
    }
  }
}

function wrongShape(p: PredicateText, { type, of }: ClaimType): string | undefined {
  if (p.entitlement !== undefined && of !== undefined && of !== "entitlement")
    return `its values are declared as ${of}`;
  if (type === "list" && p.equals !== undefined) return 'it is a list, which never equals one value: use "has"';
  const truth = typeof p.equals === "boolean";
  if (type === "boolean" && !truth) return "it is true or false: use equals: true";
  return type !== "boolean" && truth ? "it is text, and never true or false" : undefined;
}

const compared = (p: PredicateText): [Path, string][] => [
  ...(p.has === undefined ? [] : [[["has"], p.has] as [Path, string]]),
  ...(typeof p.equals === "string" ? [[["equals"], p.equals] as [Path, string]] : []),
  ...(p.in ?? []).map((value, i): [Path, string] => [["in", i], value]),
];
