import type { OpenStackScope } from "../../core/index.ts";
import {
  formatKey,
  type KeyPart,
  type KindRule,
  type Path,
  type PlainMap,
  type Resource,
} from "../../reconcile/index.ts";
import type { GroupAssignment, OpenStackDesired } from "./compile.ts";

/** Descriptions of what we made begin so; together with the name's prefix that is how we know our groups. */
export const marker = "cloudpass:";

/** The kinds of a Keystone that we keep. */
export const kinds: readonly KindRule[] = [
  // Deleting a domain or project orphans what is in it, so neither is ever deleted; and both may have been there before us.
  { kind: "domain", level: 0, shared: true, neverDelete: true },
  { kind: "project", level: 1, shared: true, neverDelete: true },
  // A person's unscoped token names its groups: with one of them gone Keystone answers 500 to all the person does until the
  // next login (seen on 30.0.0), even with the rights that stay. A group without roles is harmless, so it stays.
  { kind: "group", level: 2, neverDelete: true },
  { kind: "mapping", level: 3 },
  {
    kind: "identity-provider",
    level: 4,
    grants: true,
    lists: { remote_ids: "set" },
    // Keystone cannot change the domain of an identity provider in place.
    immutable: ["domain"],
    takesAway: (change) => change.path[0] === "enabled" && change.to === false,
    // Its users go with it, and their application credentials.
    irreversible: true,
  },
  { kind: "protocol", level: 5, grants: true },
  { kind: "assignment", level: 6, grants: true },
];

/** Something within a domain: a project or a group. */
export const within = (domain: string, name: string): Path => ({ path: [domain, name] });

/** Key of an assignment, with the text `member to customer-a/cp.customer-a.dev on project customer-a/dev`. */
export type AssignmentKey = readonly [role: string, to: "to", group: Path, on: "on", ...place: PlaceKey];

/** Where a role holds: a word for how, and the domain or project. */
export type PlaceKey = readonly [how: string, place: KeyPart] | readonly [how: "system"];

/** The key of an assignment. */
export const assignmentKey = (role: string, group: Path, place: PlaceKey): AssignmentKey => [
  role,
  "to",
  group,
  "on",
  ...place,
];

function placeOf(scope: OpenStackScope): PlaceKey {
  switch (scope.kind) {
    case "project":
      return ["project", within(scope.domain, scope.project)];
    case "domain":
      return ["domain", scope.domain];
    case "inherited":
      return ["projects-of", scope.domain];
  }
}

const keyOf = (a: GroupAssignment): AssignmentKey =>
  assignmentKey(a.role, within(a.groupDomain, a.group), placeOf(a.scope));

/** The compiled policy as resources of the engine. */
export function resourcesOf(desired: OpenStackDesired): Resource[] {
  return desired.tenants.flatMap((t): Resource[] => {
    const { identityProvider, mapping, protocol } = t;
    const domain = t.domain.name;
    return [
      { kind: "domain", key: domain, fields: {} },
      ...t.projects.map((p) => ({ kind: "project", key: within(domain, p.name), fields: {} })),
      ...t.groups.map((g) => ({ kind: "group", key: within(domain, g.name), fields: { description: g.description } })),
      {
        kind: "mapping",
        key: mapping.id,
        // Plain JSON by construction (policy/compile-openstack).
        fields: { schema_version: mapping.schema_version, rules: mapping.rules as unknown as PlainMap[] },
      },
      {
        kind: "identity-provider",
        key: identityProvider.id,
        fields: {
          enabled: true,
          domain,
          remote_ids: identityProvider.remoteIds,
          description: identityProvider.description,
          authorization_ttl: identityProvider.authorizationTtl,
        },
      },
      {
        kind: "protocol",
        key: { path: [identityProvider.id, protocol.id] },
        fields: { mapping_id: protocol.mappingId, remote_id_attribute: protocol.remoteIdAttribute },
      },
      ...t.assignments.map((a) => ({ kind: "assignment", key: keyOf(a), fields: {} })),
    ];
  });
}

/** Descriptions of domains and projects that we create, by the text of the key: not compared, since they are the owner's to change. */
export function descriptionsOf(desired: OpenStackDesired): ReadonlyMap<string, string> {
  return new Map(
    desired.tenants.flatMap((t) => [
      [t.domain.name, t.domain.description] as const,
      ...t.projects.map((p) => [formatKey(within(t.domain.name, p.name)), p.description] as const),
    ]),
  );
}
