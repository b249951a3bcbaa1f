import {
  type ApiProblem,
  type Entitlement,
  err,
  formatScope,
  type Instant,
  ok,
  type Result,
  refusal,
  type Scope,
  type Source,
  type TargetName,
} from "../../core/index.ts";
import type { TenantPerson } from "../../issuer/index.ts";
import { formatPeople, type Grant, type Policy, type Tenant } from "../../policy/index.ts";
import { type Caller, reachTenant } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { type ListedPerson, listedPerson } from "./everybody.ts";
import { type PageOf, pageOf } from "./page-of.ts";
import type { TenantView } from "./tenant-view.ts";

/** A place of a tenant at which somebody may have a role. */
export interface Place {
  readonly target: TargetName;
  /** `namespaces`: whichever have the label that is the name; `cluster`: the whole of it. */
  readonly kind: "project" | "domain" | "namespace" | "namespaces" | "cluster";
  readonly name: string;
}

/** A place in the list, with how many grants reach it, and how many of the known people hold one of them. */
export interface ListedPlace extends Place {
  readonly grants: number;
  readonly people: number;
}

/** Who has what at a place, and by what. */
export interface RightAt {
  readonly person: ListedPerson;
  readonly role: string;
  readonly set: string;
  readonly grant: string;
  /** The group, or whatever makes it theirs: the people of the policy and their conditions in words. */
  readonly people: string;
  readonly conditions: string;
  /** Where it was given, in words: the place itself, or all projects of its domain, or the whole cluster. */
  readonly scope: string;
  readonly until?: Instant;
  readonly source: Source;
}

/** One right of a grant that reaches a place. */
interface Reaching {
  readonly grant: Grant;
  readonly entitlement: Entitlement;
}

/** One row before it is shown. */
interface Row extends Reaching {
  readonly person: TenantPerson;
}

interface KnownPlace extends Place {
  readonly reaching: readonly Reaching[];
}

interface PlaceIndex {
  readonly places: readonly KnownPlace[];
  readonly held: Map<KnownPlace, ReadonlyMap<TenantPerson, readonly Reaching[]>>;
  readonly rows: Map<KnownPlace, readonly Row[]>;
  /** The order of people. */
  rank?: ReadonlyMap<string, number>;
}

/** A view lives for some seconds, and what is worked out of it goes with it. */
const indexes = new WeakMap<TenantView, PlaceIndex>();

const indexOf = (view: TenantView, policy: Policy, tenant: Tenant): PlaceIndex => {
  const known = indexes.get(view);
  if (known) return known;
  const made = { places: placesOf(policy, tenant), held: new Map(), rows: new Map() };
  indexes.set(view, made);
  return made;
};

const keyOf = ({ target, kind, name }: Place): string => JSON.stringify([target, kind, name]);

/** The place that a scope is; nothing for a right on other tenants' things or on all projects, which reaches places. */
function placeOf(target: TargetName, scope: Scope): Place | undefined {
  switch (scope.kind) {
    case "project":
      return { target, kind: "project", name: scope.project };
    case "domain":
      return { target, kind: "domain", name: scope.domain };
    case "namespace":
      return { target, kind: "namespace", name: scope.namespace };
    case "namespaces":
      return { target, kind: "namespaces", name: scope.label };
    case "cluster":
      return { target, kind: "cluster", name: target };
    default:
      return undefined;
  }
}

/** Every project and namespace of a tenant, and what else its grants reach, with the rights that reach each. */
function placesOf(policy: Policy, tenant: Tenant): readonly KnownPlace[] {
  const at = new Map<string, Reaching[]>();
  const wide = new Map<TargetName, Reaching[]>();
  const places = new Map<string, Place>();
  const add = (place: Place): string => {
    places.set(keyOf(place), place);
    return keyOf(place);
  };
  for (const target of tenant.domains.keys())
    for (const name of tenant.projects) add({ target, kind: "project", name });
  for (const [target, own] of tenant.namespaces) {
    if ("label" in own) add({ target, kind: "namespaces", name: own.label });
    else for (const name of own) add({ target, kind: "namespace", name });
  }
  const push = <K>(map: Map<K, Reaching[]>, key: K, one: Reaching) => {
    const known = map.get(key);
    if (known) known.push(one);
    else map.set(key, [one]);
  };
  for (const grant of policy.rules.get(tenant.name)?.grants ?? [])
    for (const [target, entitlements] of grant.entitlements)
      for (const entitlement of entitlements) {
        const place = placeOf(target, entitlement.scope);
        if (place) push(at, add(place), { grant, entitlement });
        if (place === undefined || place.kind === "cluster") push(wide, target, { grant, entitlement });
      }
  return [...places].map(([key, place]) => {
    const reached = (wide.get(place.target) ?? []).filter(({ entitlement }) => reaches(entitlement.scope, place));
    return { ...place, reaching: [...(at.get(key) ?? []), ...reached] };
  });
}

/** Whether a right that was not given at a place alone holds there. */
const reaches = ({ kind }: Scope, place: Place): boolean =>
  kind === "inherited" ? place.kind === "project" : kind === "cluster" && place.kind.startsWith("namespace");

/** Who holds what reaches a place. */
function heldAt(
  view: TenantView,
  { held }: PlaceIndex,
  place: KnownPlace,
): ReadonlyMap<TenantPerson, readonly Reaching[]> {
  const known = held.get(place);
  if (known) return known;
  const made = new Map<TenantPerson, Reaching[]>();
  for (const one of place.reaching)
    for (const person of view.holders.get(one.grant.id) ?? []) {
      const all = made.get(person);
      if (all) all.push(one);
      else made.set(person, [one]);
    }
  held.set(place, made);
  return made;
}

/** Who has what at a place, by the names of people. */
function rowsAt(view: TenantView, index: PlaceIndex, place: KnownPlace): readonly Row[] {
  const known = index.rows.get(place);
  if (known) return known;
  index.rank ??= new Map(view.people.map((person, i) => [person.sub, i]));
  const { rank } = index;
  const rankOf = ({ sub }: TenantPerson): number => rank.get(sub) ?? 0;
  const made = [...heldAt(view, index, place)]
    .sort(([a], [b]) => rankOf(a) - rankOf(b))
    .flatMap(([person, all]) => all.map((one) => ({ person, ...one })));
  index.rows.set(place, made);
  return made;
}

interface Page {
  readonly tenant: string;
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** The places of a tenant, in the order of its clouds and clusters; the search is over all of them. */
export async function listPlaces(
  { tenant, search = "", ...page }: Page,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<PageOf<ListedPlace>, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const own = reached.value.tenant;
  const view = await deps.viewOf(own.name);
  const index = indexOf(view, deps.policy, own);
  const wanted = search.trim().toLowerCase();
  const found = index.places.filter(({ target, kind, name }) =>
    `${target} ${kind} ${name}`.toLowerCase().includes(wanted),
  );
  const { items, ...rest } = pageOf(found, keyOf, page);
  return ok({
    ...rest,
    items: items.map((place) => ({
      ...{ target: place.target, kind: place.kind, name: place.name },
      grants: new Set(place.reaching.map(({ grant }) => grant.id)).size,
      people: heldAt(view, index, place).size,
    })),
  });
}

/** Who has what at one place, and by which group or grant: by name; the search is over people, grants and roles. */
export async function listRightsAt(
  { tenant, place: asked, search = "", ...page }: Page & { readonly place: Readonly<Record<keyof Place, string>> },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<PageOf<RightAt> & { readonly at: Instant }, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const own = reached.value.tenant;
  const view = await deps.viewOf(own.name);
  const index = indexOf(view, deps.policy, own);
  const place = index.places.find((one) => keyOf(one) === keyOf(asked as Place));
  if (place === undefined) return err(refusal("not_found", "there is no such place"));
  const all = rowsAt(view, index, place);
  const wanted = search.trim().toLowerCase();
  const people = new Set(wanted === "" ? [] : view.search(wanted));
  const found =
    wanted === ""
      ? all
      : all.filter(
          ({ person, grant, entitlement }) =>
            people.has(person) ||
            [grant.id, grant.people.name, entitlement.role].some((text) => text.toLowerCase().includes(wanted)),
        );
  const { items, ...rest } = pageOf(found, keyOfRow, page);
  return ok({ ...rest, at: view.at, items: items.map(shownRow) });
}

const keyOfRow = ({ person, grant, entitlement }: Row): string =>
  `${person.sub}:${entitlement.role}:${entitlement.scope.kind}:${grant.id}`.slice(0, 256);

const shownRow = ({ person, grant, entitlement }: Row): RightAt => ({
  person: listedPerson(person),
  role: entitlement.role,
  set: grant.set.name,
  grant: grant.id,
  people: grant.people.name,
  conditions: formatPeople(grant.people),
  scope: formatScope(entitlement.scope),
  ...(grant.until !== undefined && { until: grant.until }),
  source: grant.source,
});
