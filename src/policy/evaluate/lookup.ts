import type { Entitlement, IdentityProviderAlias, TenantName } from "../../core/index.ts";
import type { Atom, Grant, GrantTrace, People, TenantRules } from "../model.ts";
import { traceOf } from "./trace.ts";
import type { ClaimsView, ClaimView } from "./view.ts";

/** A grant that could match a login. */
interface Candidate {
  /** Its place among the grants of its tenant and identity provider. */
  readonly number: number;
  readonly grant: Grant;
  /** The way it was found proves that the grant's people match. */
  readonly sure: boolean;
  /** What comes of it, made once at load, when it is sure and the grant has no condition but its people. */
  readonly given: GrantTrace | undefined;
  /** What it then gives, everywhere. */
  readonly entitlements: readonly Entitlement[];
}

/** Grants found through a value of a claim. Most often it is one, and then it lies there without a list around it. */
type Found = Candidate | readonly Candidate[];

/** The grants of one tenant and identity provider, found by the values of claims instead of one after the other. */
interface GrantIndex {
  /** Claim, and for each value the grants that need it (among others). */
  readonly byValue: readonly (readonly [claim: string, ReadonlyMap<string | boolean, Found>])[];
  /** Claim, and the grants that consult it: candidates when the claim did not arrive whole. */
  readonly byClaim: readonly (readonly [claim: string, Found])[];
  /** Grants that no single value can rule out. */
  readonly rest: Found;
  /** Number of the search that saw a grant last; each is a candidate once, and no set is made per decision. */
  readonly seen: Uint32Array;
  searches: number;
}

/** Finds the grants that could match a login; a superset, each once. */
export type Lookup = (
  tenant: TenantName,
  identityProvider: IdentityProviderAlias,
  claims: ClaimsView,
) => readonly Candidate[];

/** Builds the index once, at load. */
export function makeLookup(rules: ReadonlyMap<TenantName, TenantRules>): Lookup {
  const indexes = new Map<string, Map<string, GrantIndex>>();
  for (const [tenant, { grants }] of rules) {
    const byIdentityProvider = Map.groupBy(grants, (grant) => grant.people.from);
    indexes.set(tenant, new Map([...byIdentityProvider].map(([alias, own]) => [alias, makeGrantIndex(own)])));
  }
  return (tenant, identityProvider, claims) => {
    const index = indexes.get(tenant)?.get(identityProvider);
    return index === undefined ? [] : find(index, claims);
  };
}

function makeGrantIndex(grants: readonly Grant[]): GrantIndex {
  const byValue = new Map<string, Map<string | boolean, Candidate[]>>();
  const byClaim = new Map<string, Candidate[]>();
  const rest: Candidate[] = [];
  grants.forEach((grant, number) => {
    const needed = neededValues(grant.people);
    const found = makeCandidate(number, grant, isSettled(grant.people));
    const open: Candidate = { number, grant, sure: false, given: undefined, entitlements: [] };
    if (needed === undefined) rest.push(found);
    for (const [claim, values] of needed ?? []) {
      const index = mapAt(byValue, claim, () => new Map<string | boolean, Candidate[]>());
      for (const value of values) mapAt(index, value, () => []).push(found);
    }
    for (const claim of claimsOf(grant.people)) mapAt(byClaim, claim, () => []).push(open);
  });
  return {
    byValue: [...byValue].map(([claim, values]) => [claim, withoutLists(values)]),
    byClaim: [...byClaim],
    rest,
    seen: new Uint32Array(grants.length),
    searches: 0,
  };
}

const withoutLists = (values: ReadonlyMap<string | boolean, readonly Candidate[]>) =>
  new Map(
    [...values].map(([value, all]): [string | boolean, Found] => [value, all.length === 1 ? (all[0] ?? all) : all]),
  );

function makeCandidate(number: number, grant: Grant, sure: boolean): Candidate {
  const { from, until, amr, acr, assurance, set } = grant;
  const bound = amr.length + acr.length + assurance.length > 0 || set.elevatedBy !== undefined || grant.opensConsole;
  if (!sure || bound || from !== undefined || until !== undefined)
    return { number, grant, sure, given: undefined, entitlements: [] };
  return { number, grant, sure, given: traceOf(grant), entitlements: [...grant.entitlements.values()].flat() };
}

const mapAt = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
};

const claimsOf = (people: People): Set<string> =>
  new Set([...people.all, ...people.any, ...people.not].map((atom) => atom.claim));

const finite = (atom: Atom) => atom.test === "in" || atom.test === "equals";

/** True when one needed value is all there is to the people: found by it, they match. */
const isSettled = ({ all, any, not, cel }: People): boolean =>
  not.length === 0 &&
  cel === undefined &&
  (all.length === 0 || (all.length === 1 && any.length === 0)) &&
  [...all, ...any].every((atom) => atom.test === "in" && !atom.verified);

/** Claim values of which at least one must be there for the people to match; `undefined` when there is no such finite list. */
function neededValues(people: People): ReadonlyMap<string, ReadonlySet<string | boolean>> | undefined {
  const single = people.all.filter(finite).sort((a, b) => a.values.length - b.values.length)[0];
  const alternatives = single !== undefined ? [single] : people.any;
  if (alternatives.length === 0 || !alternatives.every(finite)) return undefined;
  const needed = new Map<string, Set<string | boolean>>();
  for (const atom of alternatives) {
    const values = mapAt(needed, atom.claim, () => new Set());
    for (const value of atom.values) values.add(value);
  }
  return needed;
}

/** One search through an index. */
interface Search {
  readonly candidates: Candidate[];
  readonly seen: Uint32Array;
  readonly number: number;
}

function find(index: GrantIndex, claims: ClaimsView): readonly Candidate[] {
  if (index.searches === 0xffff_ffff) index.seen.fill(0);
  index.searches = (index.searches % 0xffff_ffff) + 1;
  const search: Search = { candidates: [], seen: index.seen, number: index.searches };
  add(search, index.rest);
  for (const [claim, consulting] of index.byClaim) if (!claims(claim).whole) add(search, consulting);
  for (const [claim, byValue] of index.byValue) {
    const view = claims(claim);
    if (view.whole) findByValue(byValue, view, search);
  }
  return search.candidates;
}

function add(search: Search, found: Found | undefined): void {
  if (found === undefined) return;
  if ("number" in found) addOne(search, found);
  else for (const candidate of found) addOne(search, candidate);
}

function addOne({ candidates, seen, number }: Search, candidate: Candidate): void {
  if (seen[candidate.number] === number) return;
  seen[candidate.number] = number;
  candidates.push(candidate);
}

/** Whichever is shorter is walked: a person may have ten thousand groups, a policy as many values. */
function findByValue(byValue: ReadonlyMap<string | boolean, Found>, view: ClaimView, search: Search): void {
  if (view.raw.length > byValue.size) {
    for (const [value, found] of byValue) if (view.values.has(value)) add(search, found);
    return;
  }
  for (const value of view.raw) {
    if (typeof value === "string") add(search, byValue.get(value) ?? otherForm(byValue, value));
    else if (typeof value === "boolean" && !view.list) add(search, byValue.get(value));
  }
}

/** The same text in another Unicode form; ASCII has but one. Asked last: normalising costs more than the look-up. */
function otherForm(byValue: ReadonlyMap<string | boolean, Found>, value: string): Found | undefined {
  // A pattern takes longer than this, and most of what a person holds is found nowhere.
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 0x7f) return byValue.get(value.normalize("NFC"));
  return undefined;
}
