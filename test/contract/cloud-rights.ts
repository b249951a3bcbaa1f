import type { TargetName } from "../../src/core/index.ts";
import type { LoginFacts, Policy } from "../../src/policy/index.ts";
import { type Cloud, sideBySide } from "./target-rigs.ts";

/** Place → roles, sorted, each once. */
export type Rights = Readonly<Record<string, readonly string[]>>;

/** What a token has besides a role, in every Keystone since 2024.2. */
const implied: Readonly<Record<string, readonly string[]>> = { manager: ["member", "reader"], member: ["reader"] };

/** What our decision means on a cloud: implied roles, and a domain's inherited roles on each of its projects. */
export function decidedRights(policy: Policy, target: TargetName, person: LoginFacts): Rights {
  const decision = policy.decide(person, target);
  const rights = new Map<string, Set<string>>();
  for (const { scope, role } of decision.kind === "decided" ? decision.entitlements : []) {
    const projects = scope.kind === "project" ? [scope.project] : (policy.tenants.get(person.tenant)?.projects ?? []);
    const domain = "domain" in scope ? scope.domain : "";
    const places = scope.kind === "domain" ? [`domain ${domain}`] : projects.map((p) => `project ${domain}/${p}`);
    for (const place of places)
      rights.set(place, new Set([...(rights.get(place) ?? []), role, ...(implied[role] ?? [])]));
  }
  return sorted(rights);
}

/** Each role once: Keystone 30 names one twice in a token that has it of the project and inherited from the domain. */
const sorted = (rights: Iterable<[string, Iterable<string>]>): Rights =>
  Object.fromEntries([...rights].map(([p, roles]): [string, string[]] => [p, [...new Set(roles)].sort()]).sort());

/** Something of Keystone's. */
export interface Named {
  readonly id: string;
  readonly name: string;
  readonly domain_id: string;
}

/** Ids → names of one collection. */
export async function namesOf(cloud: Cloud, collection: "domains" | "groups"): Promise<Map<string, string>> {
  const { body } = await cloud.ask("GET", `/${collection}`);
  return new Map(body[collection].map(({ id, name }: Named) => [id, name]));
}

/** Everything the bearer of an unscoped token can be anywhere: Keystone's own list of places, and a token for each. */
export async function reportedRights(cloud: Cloud, unscoped: string, domains: Map<string, string>): Promise<Rights> {
  const [inDomains, inProjects] = await Promise.all([
    cloud.ask("GET", "/auth/domains", undefined, unscoped),
    cloud.ask("GET", "/auth/projects", undefined, unscoped),
  ]);
  const places = [
    ...inDomains.body.domains.map((d: Named) => ({ place: `domain ${d.name}`, scope: { domain: { id: d.id } } })),
    ...inProjects.body.projects.map((p: Named) => ({
      place: `project ${domains.get(p.domain_id)}/${p.name}`,
      scope: { project: { id: p.id } },
    })),
  ];
  const rights = await sideBySide(places, 4, async ({ place, scope }): Promise<[string, string[]]> => {
    const identity = { methods: ["token"], token: { id: unscoped } };
    const { status, body } = await cloud.ask("POST", "/auth/tokens", { auth: { identity, scope } });
    if (status !== 201) throw new Error(`${place} is listed, and a token for it is refused: ${status}`);
    return [place, body.token.roles.map((r: Named) => r.name)];
  });
  return sorted(rights);
}
