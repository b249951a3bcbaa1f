import type { KeystoneQuestion } from "../caller.ts";
import type { Prober, Trial } from "./prober.ts";
import type { ScsActor } from "./report.ts";
import type { ScsDomain, ScsSite } from "./site.ts";

/** A manager at work: who, with which domain-scoped token, as which user. */
export interface Manager {
  readonly actor: ScsActor;
  readonly token: string;
  readonly user: string;
}

type HttpClient = (question: KeystoneQuestion, action: string) => Promise<unknown>;

const get = (path: string): KeystoneQuestion => ({ method: "GET", path });
const put = (path: string): KeystoneQuestion => ({ method: "PUT", path });
const remove = (path: string): KeystoneQuestion => ({ method: "DELETE", path });
const post = (path: string, body: object): KeystoneQuestion => ({ method: "POST", path, body });
const patch = (path: string, body: object): KeystoneQuestion => ({ method: "PATCH", path, body });

/** Everything that one manager tries: what scs-0302 grants, and what it forbids. */
export async function runMatrix(prober: Prober, site: ScsSite, manager: Manager): Promise<void> {
  await managesOwn(prober, site, manager);
  await grantsInOwn(prober, site, manager);
  await reachesNothingForeign(prober, site, manager);
  await mixesNothing(prober, site, manager);
  await leavesRolesAlone(prober, site, manager);
  await liftsNobody(prober, site, manager);
}

const asker =
  (prober: Prober, { actor, token }: Manager, rest: Pick<Trial, "requirement" | "wanted">): HttpClient =>
  async (question, action) =>
    (await prober.try(actor, token, { ...rest, question, action })).body;

const idIn = (body: unknown, kind: string): string => {
  const made: unknown = typeof body === "object" && body !== null ? Reflect.get(body, kind) : undefined;
  return typeof made === "object" && made !== null ? String(Reflect.get(made, "id")) : "none-was-made";
};

async function managesOwn(prober: Prober, { own }: ScsSite, manager: Manager): Promise<void> {
  const created = asker(prober, manager, { requirement: "R2", wanted: "allowed" });
  const may = asker(prober, manager, { requirement: "R3", wanted: "allowed" });
  const by = manager.actor.replace(" ", "-");
  const user = `/users/${idIn(await created(post("/users", { user: { name: `${by}-user`, domain_id: own.id } }), "creates a user in its domain"), "user")}`;
  await may(get(user), "reads a user of its domain");
  await may(get(`/users?domain_id=${own.id}`), "lists the users of its domain");
  await may(patch(user, { user: { description: "changed" } }), "changes a user of its domain");
  await may(patch(user, { user: { enabled: false } }), "disables a user of its domain");
  await may(patch(user, { user: { password: "Check-1-password!" } }), "sets a user's password");
  const group = `/groups/${idIn(await may(post("/groups", { group: { name: `${by}-group`, domain_id: own.id } }), "creates a group in its domain"), "group")}`;
  await may(get(group), "reads a group of its domain");
  await may(patch(group, { group: { description: "changed" } }), "changes a group of its domain");
  await may(put(`${group}/users/${own.user}`), "adds a user of its domain to a group of its domain");
  await may(get(`${group}/users`), "lists the members of a group of its domain");
  await may(get(`/users/${own.user}/groups`), "lists the groups of a user of its domain");
  await may(remove(`${group}/users/${own.user}`), "takes a user out of a group of its domain");
  await may(remove(group), "deletes a group of its domain");
  await may(remove(user), "deletes a user of its domain");
  const of = (parent: string, name: string) =>
    post("/projects", { project: { name: `${by}-${name}`, domain_id: own.id, parent_id: parent } });
  const project = idIn(await may(of(own.id, "project"), "creates a project in its domain"), "project");
  const below = idIn(await may(of(project, "below"), "creates a project below one of its own"), "project");
  await may(get(`/projects/${project}`), "reads a project of its domain");
  await may(get(`/projects?domain_id=${own.id}`), "lists the projects of its domain");
  await may(patch(`/projects/${project}`, { project: { description: "changed" } }), "changes a project of its domain");
  await may(remove(`/projects/${below}`), "deletes a project below one of its own");
  await may(remove(`/projects/${project}`), "deletes a project of its domain");
}

/** Everywhere that a role can be given inside one domain, to one user and one group. */
const placesIn = (at: ScsDomain, who: { user: string; group: string }): readonly [string, string][] => [
  [`/projects/${at.project}/users/${who.user}/roles`, "to a user on a project"],
  [`/projects/${at.project}/groups/${who.group}/roles`, "to a group on a project"],
  [`/domains/${at.id}/users/${who.user}/roles`, "to a user on the domain"],
  [`/domains/${at.id}/groups/${who.group}/roles`, "to a group on the domain"],
];

/** The path of an inherited grant beside the one on the domain itself. */
const inherited = (path: string, role: string): string => `/OS-INHERIT${path}/${role}/inherited_to_projects`;

async function grantsInOwn(prober: Prober, { own, roles }: ScsSite, manager: Manager): Promise<void> {
  const may = asker(prober, manager, { requirement: "R3", wanted: "allowed" });
  const member = roles.get("member") ?? "member";
  for (const [path, where] of placesIn(own, own)) {
    await may(put(`${path}/${member}`), `gives member ${where}`);
    await may(get(path), `lists the roles given ${where}`);
    await may(remove(`${path}/${member}`), `takes member away that was given ${where}`);
  }
  const below = inherited(`/domains/${own.id}/users/${own.user}/roles`, member);
  await may(put(below), "gives member to a user on all projects of its domain");
  await may(remove(below), "takes member away on all projects of its domain");
  await may(get(`/role_assignments?scope.domain.id=${own.id}`), "lists the assignments on its domain");
}

async function reachesNothingForeign(prober: Prober, { own, foreign, roles }: ScsSite, manager: Manager) {
  const refused = asker(prober, manager, { requirement: "R4", wanted: "refused" });
  const name = `${manager.actor.replace(" ", "-")}-intruder`;
  for (const [kind, id] of [
    ["user", foreign.user],
    ["group", foreign.group],
    ["project", foreign.project],
  ] as const) {
    await refused(
      post(`/${kind}s`, { [kind]: { name, domain_id: foreign.id } }),
      `creates a ${kind} in a foreign domain`,
    );
    await refused(get(`/${kind}s/${id}`), `reads a foreign ${kind}`);
    await refused(patch(`/${kind}s/${id}`, { [kind]: { description: "changed" } }), `changes a foreign ${kind}`);
    await refused(remove(`/${kind}s/${id}`), `deletes a foreign ${kind}`);
    await listsNone(prober, manager, `${kind}s`, foreign.id);
  }
  const member = roles.get("member") ?? "member";
  for (const [path, where] of placesIn(foreign, foreign)) {
    await refused(put(`${path}/${member}`), `gives member in a foreign domain ${where}`);
    await refused(get(path), `lists roles in a foreign domain given ${where}`);
  }
  await refused(put(`/groups/${foreign.group}/users/${foreign.user}`), "fills a foreign group");
  await refused(get(`/groups/${foreign.group}/users`), "lists the members of a foreign group");
  await refused(get(`/domains/${foreign.id}`), "reads a foreign domain");
  await refused(patch(`/domains/${foreign.id}`, { domain: { description: "changed" } }), "changes a foreign domain");
  await refused(patch(`/domains/${own.id}`, { domain: { enabled: false } }), "disables its own domain");
  await refused(post("/domains", { domain: { name } }), "creates a domain");
}

/** A list across domains may be answered, as long as it holds nothing. */
async function listsNone(prober: Prober, { actor, token }: Manager, collection: string, domain: string) {
  const question = get(`/${collection}?domain_id=${domain}`);
  const look = (body: unknown): string | undefined => {
    const found: unknown = typeof body === "object" && body !== null ? Reflect.get(body, collection) : undefined;
    return Array.isArray(found) && found.length === 0 ? undefined : "the list holds foreign entries";
  };
  const action = `sees nothing in the list of foreign ${collection}`;
  await prober.try(actor, token, { requirement: "R4", wanted: "allowed", question, action, look });
}

async function mixesNothing(prober: Prober, { own, foreign, roles }: ScsSite, manager: Manager): Promise<void> {
  const refused = asker(prober, manager, { requirement: "R4", wanted: "refused" });
  const member = roles.get("member") ?? "member";
  await refused(put(`/groups/${own.group}/users/${foreign.user}`), "adds a foreign user to its group");
  await refused(put(`/groups/${foreign.group}/users/${own.user}`), "adds its user to a foreign group");
  for (const [path, where] of placesIn(own, foreign))
    await refused(put(`${path}/${member}`), `gives member ${where} of its own, the receiver being foreign`);
  for (const [path, where] of placesIn(foreign, own))
    await refused(put(`${path}/${member}`), `gives member ${where} of another, the receiver being its own`);
}

async function leavesRolesAlone(prober: Prober, { roles, strangeRole }: ScsSite, manager: Manager): Promise<void> {
  const refused = asker(prober, manager, { requirement: "R5", wanted: "refused" });
  await refused(post("/roles", { role: { name: `${manager.actor.replace(" ", "-")}-role` } }), "creates a role");
  await refused(patch(`/roles/${strangeRole}`, { role: { description: "changed" } }), "changes a role");
  await refused(remove(`/roles/${strangeRole}`), "deletes a role");
  const admin = roles.get("admin");
  const member = roles.get("member");
  if (admin !== undefined && member !== undefined)
    await refused(put(`/roles/${member}/implies/${admin}`), "lets member imply admin");
}

/** Every way up: roles beyond the provider's choice, the system, and the mappings that decide who anybody is. */
async function liftsNobody(prober: Prober, site: ScsSite, manager: Manager): Promise<void> {
  const { own, roles, strangeRole, suffix } = site;
  const chosen = asker(prober, manager, { requirement: "R6", wanted: "refused" });
  for (const [path, where] of placesIn(own, own))
    await chosen(put(`${path}/${strangeRole}`), `gives a role that the provider did not choose ${where}`);
  const refused = asker(prober, manager, { requirement: "R7", wanted: "refused" });
  for (const name of ["admin", "service"]) {
    const role = roles.get(name);
    if (role === undefined) continue;
    for (const [path, where] of placesIn(own, { user: manager.user, group: own.group })) {
      await refused(put(`${path}/${role}`), `gives ${name} ${where}`);
      if (path.startsWith("/domains/")) await refused(put(inherited(path, role)), `gives ${name} ${where}, inherited`);
    }
  }
  const member = roles.get("member") ?? "member";
  await refused(put(`/system/users/${manager.user}/roles/${member}`), "gives itself a role on the system");
  await refused(put(`/system/groups/${own.group}/roles/${member}`), "gives a group a role on the system");
  const mapping = { rules: [{ local: [{ user: { name: "{0}" } }], remote: [{ type: "OIDC-sub" }] }] };
  const id = `cloudpass--check-${suffix}-own`;
  await refused({ method: "PUT", path: `/OS-FEDERATION/mappings/${id}`, body: { mapping } }, "writes a mapping");
  const provider = { identity_provider: { domain_id: own.id } };
  await refused(
    { method: "PUT", path: `/OS-FEDERATION/identity_providers/${id}`, body: provider },
    "writes an identity provider",
  );
}
