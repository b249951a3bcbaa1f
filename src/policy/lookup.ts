import type { TenantName, UpstreamAlias } from "../core/index.ts";
import type { ClaimsView } from "./match.ts";
import type { Atom, Grant, People, TenantRules } from "./model.ts";

/** The grants of one tenant and upstream, found by the values of claims instead of one after the other. */
interface Shelf {
  /** claim → value → grants that need this value (among others). */
  readonly byValue: ReadonlyMap<string, ReadonlyMap<string | boolean, readonly number[]>>;
  /** claim → grants that consult it: candidates when the claim did not arrive whole. */
  readonly byClaim: ReadonlyMap<string, readonly number[]>;
  /** Grants that no single value can rule out. */
  readonly rest: readonly number[];
  readonly grants: readonly Grant[];
}

/** Finds the grants that could match a login; a superset, in the order of the policy. */
export type Lookup = (tenant: TenantName, upstream: UpstreamAlias, claims: ClaimsView) => readonly Grant[];

/** Builds the index once, at load. */
export function makeLookup(rules: ReadonlyMap<TenantName, TenantRules>): Lookup {
  const shelves = new Map<string, Map<string, Shelf>>();
  for (const [tenant, { grants }] of rules) {
    const byUpstream = new Map<string, Grant[]>();
    for (const g of grants) byUpstream.set(g.people.from, [...(byUpstream.get(g.people.from) ?? []), g]);
    shelves.set(tenant, new Map([...byUpstream].map(([alias, own]) => [alias, makeShelf(own)])));
  }
  return (tenant, upstream, claims) => {
    const shelf = shelves.get(tenant)?.get(upstream);
    return shelf === undefined ? [] : find(shelf, claims);
  };
}

function makeShelf(grants: readonly Grant[]): Shelf {
  const byValue = new Map<string, Map<string | boolean, number[]>>();
  const byClaim = new Map<string, number[]>();
  const rest: number[] = [];
  grants.forEach((grant, number) => {
    const needed = neededValues(grant.people);
    if (needed === undefined) rest.push(number);
    for (const [claim, values] of needed ?? []) {
      const shelf = mapAt(byValue, claim, () => new Map<string | boolean, number[]>());
      for (const value of values) mapAt(shelf, value, () => []).push(number);
    }
    for (const claim of claimsOf(grant.people)) mapAt(byClaim, claim, () => []).push(number);
  });
  return { byValue, byClaim, rest, grants };
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

/** Claim values of which at least one must be there for the people to match; `undefined` when there is no such finite list. */
function neededValues(people: People): ReadonlyMap<string, ReadonlySet<string | boolean>> | undefined {
  const finite = (atom: Atom) => atom.test !== "endsWith";
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

function find(shelf: Shelf, claims: ClaimsView): readonly Grant[] {
  const found = new Set<number>(shelf.rest);
  for (const [claim, consulting] of shelf.byClaim)
    if (!claims(claim).whole) for (const number of consulting) found.add(number);
  for (const [claim, byValue] of shelf.byValue) {
    const { values } = claims(claim);
    // Whichever is shorter is walked: a person may have ten thousand groups, a policy as many values.
    if (values.size <= byValue.size) {
      for (const value of values) for (const number of byValue.get(value) ?? []) found.add(number);
    } else {
      for (const [value, numbers] of byValue) if (values.has(value)) for (const number of numbers) found.add(number);
    }
  }
  return [...found].sort((a, b) => a - b).flatMap((number) => shelf.grants[number] ?? []);
}
