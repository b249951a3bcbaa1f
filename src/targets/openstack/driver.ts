import { z } from "zod";
import { Bug, Fault } from "../../core/index.ts";
import { type Driver, formatKey, type Identity, identityOf, namesIn, type Resource } from "../../reconcile/index.ts";
import type { KeystoneClient } from "./client.ts";
import type { OpenStackDesired } from "./compile.ts";
import { type AssignmentKey, descriptionsOf, kinds, type PlaceKey } from "./desired.ts";
import { isOurId } from "./names.ts";
import { type Names, namesOf, observe, type Place, pathOf } from "./observe.ts";
import { type Assignment, readWorld } from "./world.ts";

/** The engine's hands on one Keystone. Ids are looked up at each reading and kept while a plan is applied. */
export function makeOpenStackDriver(keystone: KeystoneClient, desired: OpenStackDesired): Driver<Place> {
  const name = `keystone ${desired.cloud.name}`;
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
      checkRoles(name, names, wanted);
      return observe(world, names, wanted);
    },
    create: (resource) => create(keystone, known(), descriptions, resource),
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
function checkRoles(dependency: string, names: Names, wanted: readonly Resource[]): void {
  const given = wanted.filter(({ kind }) => kind === "assignment").map(({ key }) => (key as AssignmentKey)[0]);
  const missing = [...new Set(given)].filter((role) => !names.roles.has(role));
  if (missing.length > 0)
    throw new Fault(dependency, "find the roles of the policy", {
      retryable: false,
      message: `the cloud has no role ${missing.join(", ")}; create it there, or take it out of the policy`,
    });
}

type Descriptions = ReturnType<typeof descriptionsOf>;

const made = (kind: string) => z.object({ [kind]: z.object({ id: z.string() }) });

async function create(
  keystone: KeystoneClient,
  names: Names,
  descriptions: Descriptions,
  resource: Resource,
): Promise<void> {
  const { kind, key, fields } = resource;
  const operation = `create ${identityOf(resource)}`;
  switch (kind) {
    case "domain":
    case "project":
    case "group": {
      const [first = "", second] = namesIn(key);
      const within = second === undefined ? { name: first } : { name: second, domain_id: need(names.domains, first) };
      const description = kind === "group" ? fields["description"] : descriptions.get(formatKey(key));
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
      return keystone.put(operation, assignmentPath(names, key as AssignmentKey));
    default:
      throw new Bug(`no way to create a ${kind}`);
  }
}

function assignmentPath(names: Names, [role, , group, , ...place]: AssignmentKey): string {
  const path = pathOf(need(names.groups, formatKey(group)), need(names.roles, role), scopeOf(names, place));
  if (path === undefined) throw new Bug("an assignment has no place");
  return path;
}

/** Where a role holds, as Keystone says it. */
function scopeOf(names: Names, [how, place = ""]: PlaceKey): Assignment["scope"] {
  const inherited = how === "projects-of" && { "OS-INHERIT:inherited_to": "projects" };
  return how === "project"
    ? { project: { id: needProject(names, formatKey(place)) } }
    : { domain: { id: need(names.domains, formatKey(place)) }, ...inherited };
}

/** A project that managers make may be gone since it was looked for. */
function needProject({ projects }: Names, name: string): string {
  const id = projects.get(name);
  if (id !== undefined) return id;
  const message = `project ${name} is there no longer; make a new plan`;
  throw new Fault("keystone", "look for a project", { message });
}

function need(map: ReadonlyMap<string, string>, name: string): string {
  const id = map.get(name);
  if (id === undefined) throw new Bug(`"${name}" should exist by now`);
  return id;
}
