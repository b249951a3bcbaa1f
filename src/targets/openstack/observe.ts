import { mintedPrefix } from "../../policy/index.ts";
import {
  formatKey,
  identityOf,
  type Key,
  type Observed,
  type Path,
  type Plain,
  type Resource,
} from "../../reconcile/index.ts";
import { assignmentKey, marker, type PlaceKey, within } from "./desired.ts";
import { isOurId } from "./names.ts";
import type { Assignment, Thing, World } from "./world.ts";

/** Where an object is: what to DELETE or PATCH. */
export type Place = { readonly path: string };

/** Names to ids and back. Kept up to date while a plan is applied. */
export interface Names {
  readonly domains: Map<string, string>;
  /** By the text of the key, as groups. */
  readonly projects: Map<string, string>;
  readonly groups: Map<string, string>;
  readonly roles: Map<string, string>;
}

const isOurGroup = (g: Thing): boolean => g.name.startsWith(mintedPrefix) && (g.description ?? "").startsWith(marker);

const flip = (map: ReadonlyMap<string, string>): Map<string, string> => new Map([...map].map(([a, b]) => [b, a]));

/** The keys of what is in a domain, by its name or, where that is not known, its id. */
const keysIn =
  (domainNames: ReadonlyMap<string, string>) =>
  (thing: Thing): Path =>
    within(domainNames.get(thing.domain_id ?? "") ?? String(thing.domain_id), thing.name);

/** The names in a world. */
export function namesOf(world: World): Names {
  const domains = new Map(world.domains.map((d) => [d.name, d.id]));
  const keyOf = keysIn(flip(domains));
  return {
    domains,
    projects: new Map(world.projects.map((p) => [formatKey(keyOf(p)), p.id])),
    groups: new Map(world.groups.map((g) => [formatKey(keyOf(g)), g.id])),
    roles: new Map(world.roles.map((r) => [r.name, r.id])),
  };
}

/** What the engine may compare: whatever stands under a wanted name, and all that is ours. */
export function observe(world: World, names: Names, desired: readonly Resource[]): Observed<Place>[] {
  const wanted = new Set(desired.map(identityOf));
  const asked = (o: Observed<Place>) => o.owned || wanted.has(identityOf(o));
  const domainNames = flip(names.domains);
  const keyOf = keysIn(domainNames);
  const existing = (kind: "domain" | "project", key: Key, id: string): Observed<Place> => ({
    ...{ kind, key, fields: {}, owned: false, remote: { path: `/${kind}s/${id}` } },
  });
  const groups = world.groups.map(
    (g): Observed<Place> => ({
      kind: "group",
      key: keyOf(g),
      fields: { description: g.description ?? "" },
      owned: isOurGroup(g),
      remote: { path: `/groups/${g.id}` },
    }),
  );
  const all = [
    ...world.domains.map((d) => existing("domain", d.name, d.id)),
    ...world.projects.map((p) => existing("project", keyOf(p), p.id)),
    ...groups,
  ];
  return [...all, ...observeFederation(world, domainNames), ...observeAssignments(world, names)].filter(asked);
}

function observeFederation(world: World, domainNames: ReadonlyMap<string, string>): Observed<Place>[] {
  const at = (kind: string, id: string) => ({ path: `/OS-FEDERATION/${kind}/${encodeURIComponent(id)}` });
  const identityProviders = world.identityProviders.map((p): Observed<Place> => {
    const domain = domainNames.get(p.domain_id ?? "") ?? p.domain_id ?? null;
    const { enabled, remote_ids, description, authorization_ttl } = p;
    return {
      kind: "identity-provider",
      key: p.id,
      fields: {
        enabled,
        domain,
        remote_ids: remote_ids ?? [],
        description: description ?? "",
        authorization_ttl: authorization_ttl ?? null,
      },
      owned: isOurId(p.id),
      remote: at("identity_providers", p.id),
    };
  });
  const mappings = world.mappings.map(
    (m): Observed<Place> => ({
      kind: "mapping",
      key: m.id,
      fields: { rules: m.rules as Plain, schema_version: m.schema_version ?? "1.0" },
      owned: isOurId(m.id),
      remote: at("mappings", m.id),
    }),
  );
  const protocols = world.protocols.map(
    (p): Observed<Place> => ({
      kind: "protocol",
      key: { path: [p.identityProvider, p.id] },
      fields: { mapping_id: p.mapping_id ?? null, remote_id_attribute: p.remote_id_attribute ?? null },
      owned: true,
      remote: { path: `${at("identity_providers", p.identityProvider).path}/protocols/${encodeURIComponent(p.id)}` },
    }),
  );
  return [...mappings, ...identityProviders, ...protocols];
}

/** Only what our groups hold is ours to judge; what people and other groups hold is not even looked at. */
function observeAssignments(world: World, names: Names): Observed<Place>[] {
  const keyOf = keysIn(flip(names.domains));
  const ours = new Map(world.groups.filter(isOurGroup).map((g) => [g.id, keyOf(g)]));
  const roleNames = flip(names.roles);
  const placeOf = placesIn(world, keyOf);
  return world.assignments.flatMap(({ role, group, scope }): Observed<Place>[] => {
    const ourGroup = ours.get(group?.id ?? "");
    if (group === undefined || ourGroup === undefined) return [];
    const path = pathOf(group.id, role.id, scope);
    if (path === undefined) return [];
    const key = assignmentKey(roleNames.get(role.id) ?? role.id, ourGroup, placeOf(scope));
    return [{ kind: "assignment", key, fields: {}, owned: true, remote: { path } }];
  });
}

/** Keystone's path of an assignment to a group. */
export function pathOf(group: string, role: string, scope: Assignment["scope"]): string | undefined {
  const grant = `groups/${group}/roles/${role}`;
  const inherited = scope["OS-INHERIT:inherited_to"] === "projects";
  const [prefix, suffix] = inherited ? ["/OS-INHERIT", "/inherited_to_projects"] : ["", ""];
  if (scope.domain !== undefined) return `${prefix}/domains/${scope.domain.id}/${grant}${suffix}`;
  if (scope.project !== undefined) return `${prefix}/projects/${scope.project.id}/${grant}${suffix}`;
  return scope.system === undefined ? undefined : `/system/${grant}`;
}

/** Where an assignment holds, as its key has it. */
function placesIn(world: World, keyOf: (thing: Thing) => Path): (scope: Assignment["scope"]) => PlaceKey {
  const domains = new Map(world.domains.map((d) => [d.id, d.name]));
  const projects = new Map(world.projects.map((p) => [p.id, keyOf(p)]));
  return (scope) => {
    const inherited = scope["OS-INHERIT:inherited_to"] === "projects";
    if (scope.domain !== undefined) {
      return [inherited ? "projects-of" : "domain", domains.get(scope.domain.id) ?? scope.domain.id];
    }
    if (scope.project === undefined) return ["system"];
    return [inherited ? "projects-under" : "project", projects.get(scope.project.id) ?? scope.project.id];
  };
}
