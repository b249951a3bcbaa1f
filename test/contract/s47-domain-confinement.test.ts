import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWhatManagersGive } from "./managers-give.ts";
import { startTestCloud, type TestCloud } from "./targets-cloud.ts";

// The whole standard, with a password manager too, is in targets-scs.test.ts. Here the attack: a manager with its own
// Keystone token, straight at Keystone, and nothing of ours between. Seen red with a Keystone whose policy file lets
// everybody do these things.

/** What stands in one domain. */
interface Place {
  readonly domain: string;
  readonly user: string;
  readonly group: string;
  readonly project: string;
}
type Act = (there: Place, own: Place) => [method: string, path: string, body?: object];

let cloud: TestCloud;
let member: string;
let admin: string;
const roles: Record<string, string> = {};
beforeAll(async () => {
  cloud = await startTestCloud();
  await cloud.apply();
  [member, admin] = [await cloud.idOf("roles", "member"), await cloud.idOf("roles", "admin")];
  Object.assign(roles, { member, admin, reader: await cloud.idOf("roles", "reader") });
}, 240_000);
afterAll(() => cloud?.stop());

const fresh = () => `s47-${randomBytes(4).toString("hex")}`;

async function furnish(name: string): Promise<Place> {
  const domain = await cloud.idOf("domains", name);
  const make = async (one: string) =>
    (await cloud.ask("POST", `/${one}s`, { [one]: { name: fresh(), domain_id: domain } })).body[one].id as string;
  return { domain, user: await make("user"), group: await make("group"), project: await make("project") };
}

/**
 * A manager of customer A. `claims` of the second one are what our own gate would never sign: it names itself manager of
 * customer B too, as if no policy had been asked.
 */
const managers: Readonly<Record<string, readonly string[]>> = {
  "as the policy has it": ["cp.customer-a.domain-manager"],
  "with our own gate removed": ["cp.customer-a.domain-manager", "cp.customer-b.domain-manager"],
};
async function managerToken(groups: readonly string[], domain: string) {
  const accessToken = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx1", groups, sub: "p-s47" });
  return cloud.scopeTo((await cloud.logIn("customer-a", accessToken)).token, undefined, domain);
}

/** What a domain manager may do in its own domain, and nowhere else (scs-0302: users, groups, projects, grants). */
const acts: readonly [string, Act][] = [
  ["make a user", ({ domain }) => ["POST", "/users", { user: { name: fresh(), domain_id: domain } }]],
  ["read a user", ({ user }) => ["GET", `/users/${user}`]],
  ["change a user", ({ user }) => ["PATCH", `/users/${user}`, { user: { enabled: false } }]],
  ["delete a user", ({ user }) => ["DELETE", `/users/${user}`]],
  ["make a group", ({ domain }) => ["POST", "/groups", { group: { name: fresh(), domain_id: domain } }]],
  ["read a group", ({ group }) => ["GET", `/groups/${group}`]],
  ["change a group", ({ group }) => ["PATCH", `/groups/${group}`, { group: { description: "x" } }]],
  ["delete a group", ({ group }) => ["DELETE", `/groups/${group}`]],
  ["put a user into a group", ({ group, user }) => ["PUT", `/groups/${group}/users/${user}`]],
  ["make a project", ({ domain }) => ["POST", "/projects", { project: { name: fresh(), domain_id: domain } }]],
  ["read a project", ({ project }) => ["GET", `/projects/${project}`]],
  ["change a project", ({ project }) => ["PATCH", `/projects/${project}`, { project: { description: "x" } }]],
  ["delete a project", ({ project }) => ["DELETE", `/projects/${project}`]],
  ["grant on a project", ({ project, user }) => ["PUT", `/projects/${project}/users/${user}/roles/${member}`]],
  ["grant on the domain", ({ domain, group }) => ["PUT", `/domains/${domain}/groups/${group}/roles/${member}`]],
];

/** Half inside: the worst of the cases, since one of the two looks may be forgotten. */
const across: readonly [string, Act][] = [
  ["its own user into a foreign group", (there, own) => ["PUT", `/groups/${there.group}/users/${own.user}`]],
  ["a foreign user into its own group", (there, own) => ["PUT", `/groups/${own.group}/users/${there.user}`]],
  [
    "its own user on a foreign project",
    (t, own) => ["PUT", `/projects/${t.project}/users/${own.user}/roles/${member}`],
  ],
  [
    "a foreign user on its own project",
    (t, own) => ["PUT", `/projects/${own.project}/users/${t.user}/roles/${member}`],
  ],
  ["its own group on the foreign domain", (t, o) => ["PUT", `/domains/${t.domain}/groups/${o.group}/roles/${member}`]],
  ["admin to its own user", (_t, own) => ["PUT", `/projects/${own.project}/users/${own.user}/roles/${admin}`]],
];

describe.each(Object.entries(managers))("S-47: a domain manager %s", (_how, groups) => {
  let token: string;
  let own: Place;
  let foreign: Place;
  beforeAll(async () => {
    token = (await managerToken(groups, "customer-a")).token;
    [own, foreign] = [await furnish("customer-a"), await furnish("customer-b")];
  });
  const status = async (act: Act, there: Place) => {
    const [method, path, body] = act(there, own);
    return (await cloud.ask(method, path, body, token)).status;
  };

  it("gets no token for another domain", async () => {
    expect(token).toMatch(/^gAAAA/);
    for (const name of ["customer-b", "Default"]) expect((await managerToken(groups, name)).status).toBe(401);
  });

  it.each(acts)("may %s inside, and not outside", async (_what, act) => {
    expect(await status(act, foreign)).toBe(403);
    expect(await status(act, await furnish("customer-a"))).toBeLessThan(300);
  });

  it.each(across)("may not bring %s", async (_what, act) => {
    expect(await status(act, foreign)).toBe(403);
  });

  it("S-42, S-47: whatever it joins of both domains, with whatever role: only what is wholly inside, and never admin", async () => {
    const side = fc.constantFrom("own", "foreign");
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("user into group", "user on project", "group on project", "user on domain", "group on domain"),
        side,
        side,
        fc.constantFrom("member", "reader", "admin"),
        async (what, from, to, role) => {
          const [who, where] = [from, to].map((one) => (one === "own" ? own : foreign));
          if (who === undefined || where === undefined) throw new Error("no place");
          const [kind = "", , place = ""] = what.split(" ");
          const part = kind === "user" ? `users/${who.user}` : `groups/${who.group}`;
          const path =
            place === "group"
              ? `/groups/${where.group}/users/${who.user}`
              : `/${place}s/${place === "domain" ? where.domain : where.project}/${part}/roles/${roles[role]}`;
          const { status: said } = await cloud.ask("PUT", path, undefined, token);
          const isInside = from === "own" && to === "own" && (place === "group" || role !== "admin");
          expect([what, from, to, role, said]).toEqual([what, from, to, role, isInside ? 204 : 403]);
        },
      ),
      { numRuns: 60, seed: 42 },
    );
  });

  it("sees nobody and nothing of another domain in any list", async () => {
    for (const one of ["user", "group", "project"] as const) {
      const listed = async (query: string): Promise<string[]> => {
        const { status, body } = await cloud.ask("GET", `/${one}s${query}`, undefined, token);
        return status === 200 ? body[`${one}s`].map(({ id }: { id: string }) => id) : [];
      };
      const all = await listed("");
      expect([one, all.includes(own[one]), all.includes(foreign[one])]).toEqual([one, true, false]);
      expect(await listed(`?domain_id=${foreign.domain}`)).not.toContain(foreign[one]);
    }
  });
});

describeWhatManagersGive(() => cloud);
