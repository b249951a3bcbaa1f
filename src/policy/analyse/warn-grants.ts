import type { TenantName } from "../../core/index.ts";
import type { Lookup } from "../evaluate/lookup.ts";
import { viewClaims } from "../evaluate/view.ts";
import type { Located, ProblemReport } from "../format/read.ts";
import type { PolicyDocument } from "../format/schema.ts";
import type { Grant, PermissionSet, SetItem, TenantRules } from "../model.ts";
import { type Effort, failing, findPerson, hints, matching } from "./example-login.ts";
import { grantKey } from "./expect.ts";

/** Warns of grants that no test in the files sees given, and of those that another grant makes superfluous. */
export function warnOfGrants(
  documents: readonly Located<PolicyDocument>[],
  rules: ReadonlyMap<TenantName, TenantRules>,
  lookup: Lookup,
  tested: ReadonlySet<string>,
  report: ProblemReport,
): void {
  const effort = hints();
  const byKey = new Map([...rules].flatMap(([t, { grants }]) => grants.map((g) => [grantKey(t, g.id), g])));
  for (const { document, data } of documents)
    for (const [i, text] of (data.grants ?? []).entries()) {
      const key = grantKey(data.tenant, text.id);
      const grant = byKey.get(key);
      if (grant === undefined) continue;
      if (!tested.has(key))
        report.warn(document, ["grants", i, "id"], `no test sees grant "${text.id}" given`, "add one under tests");
      const wider = effort.left > 0 ? shadowOf(grant, byKey, lookup, effort) : undefined;
      if (wider !== undefined)
        report.warn(
          document,
          ["grants", i, "id"],
          `grant "${wider.id}" (${wider.source.file}:${wider.source.line}) gives all of this, to all of these people`,
          "remove this one",
        );
    }
}

/**
 * A grant that gives everything this one gives, to everybody whom this one gives it. Whoever shadows a grant matches any
 * example person of it, so only the grants that the index finds for one need a proof.
 */
function shadowOf(grant: Grant, grants: ReadonlyMap<string, Grant>, lookup: Lookup, effort: Effort): Grant | undefined {
  const example = findPerson(matching(grant.people), effort);
  if (example.kind !== "found") return undefined;
  const claims = viewClaims(example.claims);
  const found = lookup(grant.tenant, grant.people.from, claims).flatMap(
    (found) => grants.get(grantKey(grant.tenant, found.grant.id)) ?? [],
  );
  return found.find(
    (other) =>
      other !== grant &&
      isWider(other, grant) &&
      coversPeople(other, grant, effort) &&
      // Of two that are the same, only the later one is told.
      !(comesAfter(other, grant) && isWider(grant, other) && coversPeople(grant, other, effort)),
  );
}

/** Everything but the people: targets, set, window and what the login must show. */
const isWider = (wide: Grant, narrow: Grant): boolean =>
  narrow.at.every((target) => wide.at.includes(target)) &&
  holdsAll(wide.set, narrow.set) &&
  (wide.from ?? Number.NEGATIVE_INFINITY) <= (narrow.from ?? Number.NEGATIVE_INFINITY) &&
  (wide.until ?? Number.POSITIVE_INFINITY) >= (narrow.until ?? Number.POSITIVE_INFINITY) &&
  wide.amr.every((method) => narrow.amr.includes(method)) &&
  wide.assurance.every((value) => narrow.assurance.includes(value)) &&
  (wide.acr.length === 0 || (narrow.acr.length > 0 && narrow.acr.every((value) => wide.acr.includes(value))));

const coversPeople = ({ people: wide }: Grant, { people: narrow }: Grant, effort: Effort): boolean =>
  (wide.cel === undefined || wide.cel.text === narrow.cel?.text) &&
  (wide === narrow || failing(wide).every((way) => findPerson([...matching(narrow), ...way], effort).kind === "none"));

const comesAfter = ({ source: a, id: x }: Grant, { source: b, id: y }: Grant): boolean =>
  a.file === b.file ? a.line > b.line || (a.line === b.line && x > y) : a.file > b.file;

const holdsAll = (wide: PermissionSet, narrow: PermissionSet): boolean =>
  wide === narrow || (wide.elevatedBy === undefined && narrow.items.every((item) => wide.items.some(isSame(item))));

const isSame = (item: SetItem) => {
  const { source: _source, ...plain } = item;
  const text = JSON.stringify(plain);
  return ({ source: _other, ...other }: SetItem): boolean => JSON.stringify(other) === text;
};
