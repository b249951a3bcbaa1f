import { z } from "zod";
import { Bug, Fault } from "../../core/index.ts";
import { type Driver, formatKey, type Identity, identityOf, type Key, type Resource } from "../../reconcile/index.ts";
import type { KeystoneClient } from "./client.ts";
import type { GroupAssignment, OpenStackDesired } from "./compile.ts";
import { assignmentsOf, descriptionsOf, kinds, within } from "./desired.ts";
import { isOurId } from "./names.ts";
import { type Names, namesOf, observe, type Place, pathOf } from "./observe.ts";
import { readWorld } from "./world.ts";

/** The engine's hands on one Keystone. Ids are looked up at each reading and kept while a plan is applied. */
export function makeOpenStackDriver(keystone: KeystoneClient, desired: OpenStackDesired): Driver<Place> {
  const name = `keystone ${desired.cloud.name}`;
  const assignments = assignmentsOf(desired);
  const descriptions = descriptionsOf(desired);
  let names: Names | undefined;
  const known = (): Names => {
    if (names === undefined) throw new Bug("a Keystone must be read before it is changed");
    return names;
  };
  return {
    name,
    kinds,
    read: async (wanted) => {
      const world = await readWorld(keystone, isOurId);
      names = namesOf(world);
      checkRoles(name, names, assignments.values());
      return observe(world, names, wanted);
    },
    create: (resource) => create(keystone, known(), { assignments, descriptions }, resource),
    update: async (resource, observed) => {
      const { path } = placeOf(observed.remote, resource);
      const operation = `change ${identityOf(resource)}`;
      const { domain: _domain, ...fields } = resource.fields;
      await keystone.patch(operation, path, { [bodyOf(resource.kind)]: fields });
    },
    remove: (observed) => keystone.remove(`remove ${identityOf(observed)}`, placeOf(observed.remote, observed).path),
  };
}

const bodyOf = (kind: string): string => kind.replaceAll("-", "_");

function placeOf(place: Place | undefined, of: Identity): Place {
  if (place === undefined) throw new Bug(`where is ${identityOf(of)}?`);
  return place;
}

/** A role that the cloud lacks is told before anything is written. */
function checkRoles(dependency: string, names: Names, wanted: Iterable<GroupAssignment>): void {
  const missing = [...new Set([...wanted].map((a) => a.role))].filter((role) => !names.roles.has(role));
  if (missing.length > 0)
    throw new Fault(dependency, "find the roles of the policy", {
      retryable: false,
      message: `the cloud has no role ${missing.join(", ")}; create it there, or take it out of the policy`,
    });
}

interface Meaning {
  readonly assignments: ReadonlyMap<string, GroupAssignment>;
  readonly descriptions: ReadonlyMap<string, string>;
}

/** The names in a key: one, or one within the other. */
const namesIn = (key: Key): readonly string[] => (typeof key === "string" ? [key] : "path" in key ? key.path : []);

const made = (kind: string) => z.object({ [kind]: z.object({ id: z.string() }) });

async function create(keystone: KeystoneClient, names: Names, meaning: Meaning, resource: Resource): Promise<void> {
  const { kind, key, fields } = resource;
  const operation = `create ${identityOf(resource)}`;
  switch (kind) {
    case "domain":
    case "project":
    case "group": {
      const [first = "", second] = namesIn(key);
      const within = second === undefined ? { name: first } : { name: second, domain_id: need(names.domains, first) };
      const description = descriptions(meaning, resource);
      const answer = await keystone.create(operation, `/${kind}s`, { [kind]: { ...within, description } }, made(kind));
      const map = { domain: names.domains, project: names.projects, group: names.groups }[kind];
      map.set(formatKey(key), answer[kind]?.id ?? "");
      return;
    }
    case "identity-provider": {
      const { domain, ...rest } = fields;
      const body = { ...rest, domain_id: need(names.domains, String(domain)) };
      return keystone.put(operation, `/OS-FEDERATION/identity_providers/${formatKey(key)}`, {
        identity_provider: body,
      });
    }
    case "mapping":
      return keystone.put(operation, `/OS-FEDERATION/mappings/${formatKey(key)}`, { mapping: fields });
    case "protocol": {
      const [identityProvider, protocol] = namesIn(key);
      const path = `/OS-FEDERATION/identity_providers/${identityProvider}/protocols/${protocol}`;
      return keystone.put(operation, path, { protocol: fields });
    }
    case "assignment":
      return keystone.put(operation, assignmentPath(names, meaning, formatKey(key)));
    default:
      throw new Bug(`no way to create a ${kind}`);
  }
}

const descriptions = (meaning: Meaning, { kind, key, fields }: Resource): unknown =>
  kind === "group" ? fields["description"] : meaning.descriptions.get(formatKey(key));

function assignmentPath(names: Names, meaning: Meaning, key: string): string {
  const a = meaning.assignments.get(key);
  if (a === undefined) throw new Bug(`the assignment "${key}" is not wanted`);
  const scope =
    a.scope.kind === "project"
      ? { project: { id: need(names.projects, formatKey(within(a.scope.domain, a.scope.project))) } }
      : {
          domain: { id: need(names.domains, a.scope.domain) },
          ...(a.scope.kind === "inherited" && { "OS-INHERIT:inherited_to": "projects" }),
        };
  const path = pathOf(need(names.groups, formatKey(within(a.groupDomain, a.group))), need(names.roles, a.role), scope);
  if (path === undefined) throw new Bug(`the assignment "${key}" has no place`);
  return path;
}

function need(map: ReadonlyMap<string, string>, name: string): string {
  const id = map.get(name);
  if (id === undefined) throw new Bug(`"${name}" should exist by now`);
  return id;
}
