import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Fault, type IdentityProviderAlias, instant, type TargetName, type TenantName } from "../../src/core/index.ts";
import { groupsFor, type LoginFacts, type Policy } from "../../src/policy/index.ts";
import { applyTarget, planTarget, type TargetConnection, type TargetPlan } from "../../src/targets/index.ts";
import { decidedRights, namesOf, type Rights, reportedRights } from "./cloud-rights.ts";
import { applyPolicy } from "./target-rigs.ts";
import { startTestCloud } from "./targets-cloud.ts";
import { startTestCluster, type TestCluster } from "./targets-cluster.ts";
import { deps, target } from "./targets-policy.ts";

// The memory world's version with every order of requests is test/hostile/s61-apply-dies.test.ts.

/** Managers lose their right, developers get another one, auditors get more: giving before taking would show. */
const changes: readonly [string, string][] = [
  ["  - { id: dm, give: domain-manager, to: platform, at: [gx1, gx2] }\n", ""],
  [
    "    - openstack: { role: member, on: { project: dev } }",
    "    - openstack: { role: reader, on: { project: prod } }",
  ],
  [
    "    - openstack: { role: reader, on: { domain: all-projects } }",
    "    - openstack: { roles: [reader, member], on: { domain: all-projects } }",
  ],
  ["kubernetes: { role: edit, in: tenant-namespaces }", "kubernetes: { role: view, in: tenant-namespaces }"],
  ["role: view, in: tenant-namespaces }\n    - console", "role: edit, in: tenant-namespaces }\n    - console"],
];

const facts = (tenant: string, ...groups: string[]): LoginFacts => ({
  tenant: tenant as TenantName,
  identityProvider: `${tenant}-idp` as IdentityProviderAlias,
  claims: { groups },
  amr: [],
  loginMethod: "browser",
  client: "cloudpass",
  at: instant(1_900_000_000),
});
const people: Readonly<Record<string, LoginFacts>> = {
  developer: facts("customer-a", "developers"),
  auditor: facts("customer-a", "auditors"),
  everything: facts("customer-a", "developers", "auditors", "platform"),
  neighbour: facts("customer-b", "developers"),
};

/** A token from before the change and one from after it, in one: nobody could hold more. */
const groupsIn = (policies: readonly Policy[], name: TargetName, person: LoginFacts): string[] => [
  ...new Set(policies.flatMap((p) => groupsFor(p.decide(person, name), name))),
];

/** The plan, carried out by a process that dies at a write: before the request left, or when it had taken effect. */
function dying(planned: TargetPlan, at: number, effect: "before" | "after") {
  let writes = 0;
  const dead = () => new Fault("test", "write", { message: "the process is gone" });
  const limit =
    <A extends unknown[]>(write: (...args: A) => Promise<void>) =>
    async (...args: A): Promise<void> => {
      const now = writes++;
      if (now > at || (now === at && effect === "before")) throw dead();
      await write(...args);
      if (now === at) throw dead();
    };
  const { driver } = planned;
  const { create, update, remove, ...rest } = driver;
  const limited = { ...rest, create: limit(create), update: limit(update), remove: limit(remove) };
  return { planned: { ...planned, driver: limited }, writes: () => writes };
}

interface Site {
  readonly name: string;
  readonly connection: TargetConnection;
  readonly before: Policy;
  readonly after: Policy;
  /** What the target itself says this person may do, and what the two policies together allow. */
  judge(person: LoginFacts): Promise<{ readonly found: Rights; readonly allowed: readonly Rights[] }>;
}

const plan = (site: Site) => planTarget(site.after, target(site.name), site.connection, deps);

/** Kills an apply at each write; answers who then had more than both policies allow. */
async function killEverywhere(site: Site, effect: "before" | "after"): Promise<{ kills: number; excess: string[] }> {
  const excess: string[] = [];
  let kills = 0;
  for (let at = 0, ended = false; !ended; at++) {
    await applyPolicy(site.before, site.name, site.connection);
    const run = dying(await plan(site), at, effect);
    const { outcome } = await applyTarget(run.planned);
    ended = outcome === "applied";
    if (!ended) kills++;
    for (const [who, person] of Object.entries(people)) {
      const { found, allowed } = await site.judge(person);
      for (const [place, roles] of Object.entries(found))
        for (const role of roles)
          if (!allowed.some((rights) => rights[place]?.includes(role)))
            excess.push(`killed ${effect} write ${at}: ${who} is ${role} on ${place}`);
    }
    // Whatever it left behind, the next run gets there.
    await applyPolicy(site.after, site.name, site.connection);
  }
  return { kills, excess };
}

/** A target that is running, as far as the kills need it. */
interface Running {
  readonly site: Site;
  stop(): Promise<void>;
}

function describeKills(what: string, start: () => Promise<Running>): void {
  describe(`S-61: an apply to ${what} that is killed at any write`, () => {
    let running: Running;
    beforeAll(async () => {
      running = await start();
    }, 240_000);
    afterAll(() => running?.stop());

    it.each(["before", "after"] as const)(
      "%s the write took effect leaves nobody with more than both states allow",
      { timeout: 240_000 },
      async (effect) => {
        const { kills, excess } = await killEverywhere(running.site, effect);
        expect(excess).toEqual([]);
        expect(kills).toBeGreaterThan(3);
      },
    );
  });
}

describeKills("a real Keystone", async () => {
  const cloud = await startTestCloud();
  const gx1 = target("gx1");
  const [before, after] = [cloud.policy, cloud.changed(changes)];
  const judge: Site["judge"] = async (person) => {
    const groups = groupsIn([before, after], gx1, person);
    const token = await cloud.issuer.mint({ tenant: person.tenant, aud: "gx1", sub: "p-killed", groups });
    const login = await cloud.logIn(person.tenant, token);
    if (login.status !== 201) throw new Error(`a login is refused: ${login.status}`);
    const found = await reportedRights(cloud, login.token, await namesOf(cloud, "domains"));
    return { found, allowed: [before, after].map((policy) => decidedRights(policy, gx1, person)) };
  };
  return { site: { name: "gx1", connection: cloud.connection, before, after, judge }, stop: cloud.stop };
});

describeKills("a real API server", async () => {
  const cluster = await startTestCluster();
  const [before, after] = [cluster.policy, cluster.changed(changes)];
  const judge: Site["judge"] = async (person) => {
    const groups = groupsIn([before, after], target("prod1"), person);
    const token = await cluster.issuer.mint({ tenant: person.tenant, aud: "prod1", sub: "p-killed", groups });
    const namespaces = ["customer-a-dev", "customer-b-dev", "kube-system"];
    const rights = namespaces.map(async (n) => [n, await rolesIn(cluster, token, n)] as const);
    const found = Object.fromEntries(await Promise.all(rights));
    return { found, allowed: [before, after].map((policy) => namespacedRights(policy, person)) };
  };
  return { site: { name: "prod1", connection: cluster.connection, before, after, judge }, stop: cluster.stop };
});

/** Namespace → roles by the decision; whoever may edit may view. */
function namespacedRights(policy: Policy, person: LoginFacts): Rights {
  const decision = policy.decide(person, target("prod1"));
  const held = decision.kind === "decided" ? decision.entitlements : [];
  return Object.fromEntries(
    held.map(({ scope }) => {
      const place = scope.kind === "namespace" ? scope.namespace : scope.kind;
      const roles = held.filter((e) => e.scope.kind === "namespace" && e.scope.namespace === place).map((e) => e.role);
      return [place, roles.includes("edit") ? ["edit", "view"] : roles];
    }),
  );
}

/** The roles whose rights the bearer has, by one thing that each allows. */
async function rolesIn(cluster: TestCluster, token: string, namespace: string): Promise<string[]> {
  const [view, edit] = await Promise.all(["get", "create"].map((verb) => cluster.may(token, verb, namespace)));
  return [...(edit ? ["edit"] : []), ...(view ? ["view"] : [])];
}
