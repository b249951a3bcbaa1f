import { type Path, suggest } from "../../../yaml/index.ts";
import { formatRole, type RoleName, rolesIn } from "../../role-name.ts";
import type { LocatedRealm } from "../model.ts";
import type { GroupEntry } from "../rights.ts";
import type { RoleNames } from "../vocabulary.ts";
import type { Report } from "./report.ts";

/** Roles that hold each other in a circle, and roles of a client of ours that it has not. */
export function checkRights(realm: LocatedRealm, report: Report): void {
  const { data } = realm;
  const edges = new Map<string, readonly string[]>();
  const note = (name: RoleName, { composites }: { readonly composites?: RoleNames | undefined }) =>
    edges.set(formatRole(name), rolesIn(composites).map(formatRole));
  for (const [name, role] of Object.entries(data.roles.realm)) note({ role: name }, role);
  for (const [client, roles] of Object.entries(data.roles.clients)) {
    for (const [name, role] of Object.entries(roles)) note({ client, role: name }, role);
  }
  const told = new Set<string>();
  for (const { document, data: part } of realm.documents) {
    const named = (name: RoleName, path: Path) => {
      // A circle is one mistake, however many roles it leads through.
      const round = told.has(formatRole(name)) ? undefined : circle(formatRole(name), edges);
      if (round === undefined) return;
      for (const role of round) told.add(role);
      const message = `the role contains itself: ${round.join(" → ")}`;
      report.wrong({ document, path: [...path, "composites"] }, message, "remove one of them");
    };
    for (const name of Object.keys(part.roles.realm)) named({ role: name }, ["roles", "realm", name]);
    for (const [client, roles] of Object.entries(part.roles.clients)) {
      for (const name of Object.keys(roles)) named({ client, role: name }, ["roles", "clients", client, name]);
    }
  }
  checkClients(realm, report);
  const given = new Set(rolesIn(data.roles.everybody).map(formatRole));
  const both = rolesIn(data.roles.nobody).find((role) => given.has(formatRole(role)));
  if (both === undefined) return;
  const place = { document: realm.document, path: ["roles", "nobody"] };
  report.wrong(place, `"${both.role}" stands under everybody, too`, "remove one of the two", true);
}

/** Roles for a client that nobody makes: most likely a misspelt name. */
function checkClients({ data, documents }: LocatedRealm, report: Report): void {
  const ours = [...Object.keys(data.clients), ...(data.broker ? [data.broker.clientId] : [])];
  for (const { document, data: part } of documents) {
    for (const client of Object.keys(part.roles.clients)) {
      const near = suggest(client, ours);
      if (ours.includes(client) || !near.startsWith("did you mean")) continue;
      report.wrong({ document, path: ["roles", "clients", client] }, `no client "${client}" in this file`, near, true);
    }
  }
}

/** The way from a role back to itself, if there is one. Every role is visited once. */
function circle(start: string, edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const seen = new Set<string>();
  const open: (readonly string[])[] = [[start]];
  for (let way = open.pop(); way !== undefined; way = open.pop()) {
    for (const next of edges.get(way.at(-1) ?? "") ?? []) {
      if (next === start) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      open.push([...way, next]);
    }
  }
  return undefined;
}

/** Looks at every group of a tree, with its place. */
export function eachGroup(
  groups: Readonly<Record<string, GroupEntry>>,
  path: Path,
  visit: (group: GroupEntry, path: Path) => void,
): void {
  for (const [name, group] of Object.entries(groups)) {
    visit(group, [...path, name]);
    eachGroup(group.groups ?? {}, [...path, name, "groups"], visit);
  }
}
