import type { IdentityProviderAlias } from "../../core/index.ts";
import { type Path, suggest, type YamlDocument } from "../../yaml/index.ts";
import { findPerson, matching } from "../analyse/example-login.ts";
import { compileCel, mostSteps } from "../evaluate/cel.ts";
import { formatPeople, makeAtom } from "../evaluate/match.ts";
import { type Located, type ProblemReport, sourceOf } from "../format/read.ts";
import type { AtomText, PolicyDocument } from "../format/schema.ts";
import type { ClaimType, IdentityProvider } from "../identity-provider.ts";
import type { CelCondition, People } from "../model.ts";
import { checkTyped } from "./claim-types.ts";
import type { Draft } from "./draft.ts";

type PeopleText = NonNullable<PolicyDocument["people"]>[string];

/** The people of a document, with every condition checked: names, types, addresses, and that somebody can meet them all. */
export function linkPeople(
  { document, data }: Located<PolicyDocument>,
  draft: Draft,
  identityProviders: ReadonlyMap<IdentityProviderAlias, IdentityProvider>,
  report: ProblemReport,
): void {
  const { tenant } = draft;
  for (const [name, text] of Object.entries(data.people ?? {})) {
    const path: Path = ["people", name];
    if (!report.define(`people of ${tenant.name}`, name, document, path)) continue;
    const identityProvider = identityProviders.get(text.from as IdentityProviderAlias);
    if (identityProvider === undefined || !tenant.identityProviders.includes(identityProvider.alias))
      report.add(
        document,
        [...path, "from"],
        `"${text.from}" is not an identity provider of ${tenant.name}`,
        suggest(text.from, tenant.identityProviders),
      );
    for (const part of ["all", "any", "not"] as const)
      for (const [i, atom] of (text[part] ?? []).entries()) {
        checkAddress(document, [...path, part, i], atom, draft.verifiedAddresses, identityProvider, report);
        checkTyped(document, [...path, part, i], atom, identityProvider, report);
      }
    const cel =
      text.cel === undefined ? undefined : linkCel(document, [...path, "cel"], text.cel, identityProvider, report);
    const people = makePeople(document, path, name, text, identityProvider?.claims, cel);
    checkSomebody(document, path, people, identityProvider, draft, report);
    draft.people.set(name, people);
    if (cel !== undefined) checkCost(document, [...path, "cel"], cel, draft, report);
  }
}

/** Each of them is evaluated at each login of the tenant's people (S-78). */
const mostCel = 50;

function checkCost(
  document: YamlDocument,
  path: Path,
  { steps }: CelCondition,
  { tenant, cel }: Draft,
  report: ProblemReport,
): void {
  const before = cel.steps;
  cel.count++;
  cel.steps += steps;
  if (cel.count === mostCel + 1)
    report.add(
      document,
      path,
      `${tenant.name} has more than ${mostCel} conditions in cel`,
      "use all, any and not where they suffice",
    );
  if (before <= mostSteps && cel.steps > mostSteps)
    report.add(
      document,
      path,
      `the patterns of ${tenant.name} have ${cel.steps} steps together, more than ${mostSteps}`,
      "repeat less, as in [a-z]+ for [a-z]{1,900}, or compare by startsWith and endsWith",
    );
}

function makePeople(
  document: YamlDocument,
  path: Path,
  name: string,
  text: PeopleText,
  claims: ReadonlyMap<string, ClaimType> | undefined,
  cel: CelCondition | undefined,
): People {
  const atoms = (written: readonly AtomText[] | undefined) => (written ?? []).map((atom) => makeAtom(atom, claims));
  return {
    name,
    from: text.from as IdentityProviderAlias,
    all: atoms(text.all),
    any: atoms(text.any),
    not: atoms(text.not),
    ...(cel !== undefined && { cel }),
    source: sourceOf(document, path, true),
  };
}

function linkCel(
  document: YamlDocument,
  path: Path,
  expression: string,
  identityProvider: IdentityProvider | undefined,
  report: ProblemReport,
): CelCondition | undefined {
  if (identityProvider === undefined) return undefined;
  if (identityProvider.claims === undefined) {
    const fix = `declare them in Targets: upstreams: {${identityProvider.alias}: {claims: {…}}}`;
    report.add(document, path, `cel needs the claims of ${identityProvider.alias} to be declared`, fix);
    return undefined;
  }
  const compiled = compileCel(expression, identityProvider.claims);
  if (compiled.ok) {
    const message = "cel is not statically analysable: no check covers it, only tests do";
    report.warn(document, path, message, "use all, any and not where they suffice");
    return compiled.value;
  }
  report.add(document, path, `not valid CEL: ${compiled.refusal}`);
  return undefined;
}

/** Conditions that contradict each other give a right to nobody; everyone of a public provider gives it to the world. */
function checkSomebody(
  document: YamlDocument,
  path: Path,
  people: People,
  identityProvider: IdentityProvider | undefined,
  { effort }: Draft,
  report: ProblemReport,
): void {
  if (findPerson(matching(people), effort).kind === "none")
    report.add(
      document,
      path,
      `nobody can ever be among them: ${formatPeople(people)}`,
      "remove one of these conditions",
      true,
    );
  const open = people.all.length + people.any.length === 0;
  if (open && identityProvider?.public === true)
    report.warn(
      document,
      [...path, "from"],
      `anybody can have an account at ${identityProvider.alias}, and so gets what these people get`,
      "add a condition, or set public: false for it in Targets",
    );
}

/** An address that nobody verified proves nothing, and half a domain proves somebody else's. */
function checkAddress(
  document: YamlDocument,
  path: Path,
  atom: AtomText,
  everyClaim: boolean,
  identityProvider: IdentityProvider | undefined,
  report: ProblemReport,
): void {
  for (const [claim, p] of Object.entries(atom)) {
    const declared = identityProvider?.claims?.get(claim)?.of === "email";
    const compared = [p.has, p.equals, p.endsWith, ...(p.in ?? [])];
    const looksLikeOne = compared.some((value) => typeof value === "string" && /@[^@]+\.[^@.]+$/.test(value));
    const isAddress = claim === "email" || declared || (everyClaim && looksLikeOne);
    if (isAddress && p.verified !== true)
      report.add(document, [...path, claim], "an e-mail address counts only when it is verified", "add verified: true");
    if ((claim === "email" || declared) && p.endsWith !== undefined && !p.endsWith.startsWith("@"))
      report.add(
        document,
        [...path, claim, "endsWith"],
        `"${p.endsWith}" also ends other domains`,
        `write "@${p.endsWith}"`,
      );
  }
}
