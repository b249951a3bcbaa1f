import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Secret } from "../../src/core/index.ts";
import { applyTarget, formatPlan, planTarget } from "../../src/targets/index.ts";
import { startTestCloud, type TestCloud } from "./targets-cloud.ts";
import { deps, target } from "./targets-policy.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
}, 240_000);
afterAll(() => cloud?.stop());

const gx1 = target("gx1");
const plan = (changes: readonly [string, string][] = []) =>
  planTarget(cloud.changed(changes), gx1, cloud.connection, deps);

/** Everything that changed something at the front, logins left out. */
async function writes(): Promise<string[]> {
  const log = await readFile(join(cloud.rig.dir, "front", "access.log"), "utf8");
  return log.split("\n").filter((line) => /"(POST|PUT|PATCH|DELETE) /.test(line) && !line.includes("/auth/tokens"));
}

const groupId = (name: string) => cloud.idOf("groups", name);
const status = async (path: string) => (await cloud.ask("HEAD", path)).status;

describe("a real Keystone", () => {
  it("takes the whole policy once, and the second time nothing is written", async () => {
    expect(await cloud.apply()).toHaveLength(24);
    const before = await writes();
    expect(await cloud.apply()).toEqual([]);
    expect(await writes()).toEqual(before);
    expect(formatPlan((await plan()).plan)).toContain("24 unchanged");
  });

  it("leaves grants made by hand alone, to people and to other groups, and takes back what was hung on ours", async () => {
    const domain = await cloud.idOf("domains", "customer-a");
    const project = (await cloud.ask("GET", `/projects?name=prod&domain_id=${domain}`)).body.projects[0];
    const member = await cloud.idOf("roles", "member");
    const user = (await cloud.ask("POST", "/users", { user: { name: "hand", domain_id: domain } })).body.user;
    const group = (await cloud.ask("POST", "/groups", { group: { name: "cp-like", domain_id: domain } })).body.group;
    const byHand = [
      `/projects/${project.id}/users/${user.id}/roles/${member}`,
      `/projects/${project.id}/groups/${group.id}/roles/${member}`,
    ];
    const hung = `/projects/${project.id}/groups/${await groupId("cp.customer-a.auditor")}/roles/${member}`;
    for (const path of [...byHand, hung]) expect((await cloud.ask("PUT", path)).status).toBe(204);
    expect(await cloud.apply()).toEqual([
      "revoke delete assignment member to customer-a/cp.customer-a.auditor on project customer-a/prod",
    ]);
    expect([await status(byHand[0] ?? ""), await status(byHand[1] ?? ""), await status(hung)]).toEqual([204, 204, 404]);
  });

  it("takes a removed grant's rights away before it gives new ones, and a person's old token loses them", async () => {
    const token = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx1", groups: ["cp.customer-a.developer"] });
    const unscoped = await cloud.logIn("customer-a", token);
    const scoped = await cloud.scopeTo(unscoped.token, "dev");
    expect(scoped.status).toBe(201);
    const change: [string, string][] = [
      [
        "  - { id: dev, give: developer, to: developers, at: [gx1, gx2, prod1] }\n",
        "  - { id: extra, give: auditor, to: developers, at: [gx1] }\n",
      ],
      [
        "    - openstack: { role: reader, on: { domain: all-projects } }",
        "    - openstack: { roles: [reader, member], on: { domain: all-projects } }",
      ],
    ];
    expect(await cloud.apply(change)).toEqual([
      "revoke delete assignment member to customer-a/cp.customer-a.developer on project customer-a/dev",
      "build update mapping cloudpass-customer-a",
      "build create assignment member to customer-a/cp.customer-a.auditor on projects-of customer-a",
    ]);
    expect((await cloud.scopeTo(unscoped.token, "dev")).status).toBe(401);
    expect((await cloud.ask("GET", "/auth/projects", undefined, scoped.token)).status).toBe(401);
    expect(formatPlan((await plan(change)).plan)).toContain(
      "= group customer-a/cp.customer-a.developer is no longer wanted",
    );
    expect(await cloud.apply()).toHaveLength(3);
  });

  it("mends what others changed: a mapping, an identity provider, a deleted group", async () => {
    const idp = "/OS-FEDERATION/identity_providers/cloudpass-customer-b";
    expect(
      (await cloud.ask("PATCH", idp, { identity_provider: { enabled: false, remote_ids: ["evil"] } })).status,
    ).toBe(200);
    const rules = [{ local: [{ user: { name: "{0}" } }], remote: [{ type: "OIDC-sub" }] }];
    expect(
      (await cloud.ask("PATCH", "/OS-FEDERATION/mappings/cloudpass-customer-b", { mapping: { rules } })).status,
    ).toBe(200);
    expect((await cloud.ask("DELETE", `/groups/${await groupId("cp.customer-b.developer")}`)).status).toBe(204);
    expect(await cloud.apply()).toEqual([
      "revoke update identity-provider cloudpass-customer-b",
      "build create group customer-b/cp.customer-b.developer",
      "build update mapping cloudpass-customer-b",
      "build update identity-provider cloudpass-customer-b",
      "build create assignment member to customer-b/cp.customer-b.developer on project customer-b/dev",
    ]);
    expect((await cloud.ask("GET", idp)).body.identity_provider).toMatchObject({
      enabled: true,
      remote_ids: ["urn:cloudpass:tenant:customer-b"],
    });
  });

  it("applies nothing while a group of a wanted name is somebody else's", async () => {
    const domain = await cloud.idOf("domains", "customer-a");
    const trap = { name: "cp.customer-a.newcomer", domain_id: domain, description: "mine" };
    const group = (await cloud.ask("POST", "/groups", { group: trap })).body.group;
    const before = await writes();
    const change: [string, string][] = [
      ["  auditor:\n", "  newcomer:\n    - openstack: { role: member, on: domain }\n  auditor:\n"],
      ["give: domain-manager, to: platform", "give: newcomer, to: platform"],
    ];
    const planned = await plan(change);
    expect(planned.plan.conflicts.map((c) => c.key)).toEqual(["customer-a/cp.customer-a.newcomer"]);
    expect(await applyTarget(planned)).toMatchObject({ outcome: "conflict", done: [] });
    expect(await writes()).toEqual(before);
    await cloud.ask("DELETE", `/groups/${group.id}`);
  });

  it("refuses a plan whose ground has moved", async () => {
    const change: [string, string][] = [["  - { id: audit, give: auditor, to: auditors, at: [gx1, gx2, prod1] }", ""]];
    const planned = await plan(change);
    await cloud.ask("PATCH", `/groups/${await groupId("cp.customer-a.auditor")}`, {
      group: { description: "cloudpass: changed" },
    });
    expect(await applyTarget(planned)).toMatchObject({
      outcome: "stale",
      moved: ["group customer-a/cp.customer-a.auditor"],
    });
    expect(await cloud.apply()).toEqual(["build update group customer-a/cp.customer-a.auditor"]);
  });

  it("an account with the system as its scope sees and keeps the same world", async () => {
    const { project: _project, projectDomain: _domain, ...account } = cloud.connection;
    const planned = await planTarget(cloud.policy, gx1, { ...account, system: true }, deps);
    expect(formatPlan(planned.plan)).toContain("24 unchanged");
  });

  it("says what is wrong when the account is refused or a role is missing, and writes nothing", async () => {
    const wrong = { ...cloud.connection, password: new Secret("canary-wrong") };
    const refused = await planTarget(cloud.policy, gx1, wrong, deps).catch((e: unknown) => String(e));
    expect(refused).toBe("Fault: keystone gx1: log in failed: the account's name, password or scope is refused");
    const lacking = plan([
      ["    - openstack: { role: manager, on: domain }", "    - openstack: { role: load-balancer_member, on: domain }"],
      ["ceiling: { openstack: [manager,", "ceiling: { openstack: [load-balancer_member, manager,"],
      ["roles: [reader, member, manager]", "roles: [reader, member, manager, load-balancer_member]"],
    ]);
    await expect(lacking).rejects.toThrow(/the cloud has no role load-balancer_member/);
  });
});

describe("federated logins through the generated Apache snippet and mapping", () => {
  const all = ["auditor", "developer", "domain-manager"];
  const groupsOf = (...tenants: string[]) => tenants.flatMap((t) => all.map((set) => `cp.${t}.${set}`));

  it("a person comes into the tenant's own domain, with the tenant's own groups only", async () => {
    const token = await cloud.issuer.mint({
      tenant: "customer-a",
      aud: "gx1",
      groups: groupsOf("customer-a", "customer-b"),
    });
    const { status, body, token: unscoped } = await cloud.logIn("customer-a", token);
    expect([status, body.token?.user.name, body.token?.user.domain.name]).toEqual([201, "alice", "customer-a"]);
    expect(body.token.user["OS-FEDERATION"].groups).toHaveLength(3);
    const manager = await cloud.scopeTo(unscoped, undefined);
    expect(manager.body.token.roles.map((r: { name: string }) => r.name)).toContain("manager");
    const developer = await cloud.scopeTo(unscoped, "dev");
    expect(developer.body.token.roles.map((r: { name: string }) => r.name)).toContain("member");
    expect((await cloud.scopeTo(unscoped, "dev", "customer-b")).status).toBe(401);
    expect((await cloud.scopeTo(unscoped, undefined, "customer-b")).status).toBe(401);
  });

  it("the same name in the other tenant is another person in another domain", async () => {
    const token = await cloud.issuer.mint({ tenant: "customer-b", aud: "gx1", groups: groupsOf("customer-b") });
    const { body } = await cloud.logIn("customer-b", token);
    expect([body.token.user.name, body.token.user.domain.name]).toEqual(["alice", "customer-b"]);
  });

  it.each([
    ["another tenant's path", { tenant: "customer-b", aud: "gx1" }, 403],
    ["a token for another cloud", { tenant: "customer-a", aud: "gx2" }, 401],
    ["an ID token", { tenant: "customer-a", aud: "gx1", token_use: "id" }, 401],
    ["a token of another issuer", { tenant: "customer-a", aud: "gx1", iss: "https://evil.example" }, 401],
    ["a token without a tenant", { aud: "gx1" }, 401],
    ["a tenant with more behind it", { tenant: "customer-a;x", aud: "gx1" }, 403],
  ])("%s is refused", async (_, claims, expected) => {
    const { status } = await cloud.logIn(
      "customer-a",
      await cloud.issuer.mint({ groups: groupsOf("customer-a"), ...claims }),
    );
    expect(status).toBe(expected);
  });

  it.each([
    ["a JSON group of another domain", ['JSON:{"name":"cp.customer-b.domain-manager","domain":{"name":"customer-b"}}']],
    ["a Python list", ["['cp.customer-a.domain-manager']"]],
    ["a longer name", ["cp.customer-a.domain-manager-x", "xcp.customer-a.domain-manager"]],
    ["the other tenant's", groupsOf("customer-b")],
    ["none", []],
  ])("groups that are not ours to the letter (%s) give a person without any group", async (_, groups) => {
    const token = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx1", groups, sub: "p-hostile" });
    const { status, body, token: unscoped } = await cloud.logIn("customer-a", token);
    expect([status, body.token?.user["OS-FEDERATION"].groups]).toEqual([201, []]);
    expect((await cloud.scopeTo(unscoped, undefined)).status).toBe(401);
  });
});
