import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Secret } from "../../src/core/index.ts";
import { apacheSnippet, type Policy } from "../../src/policy/index.ts";
import { applyTarget, type KeystoneConnection, planTarget, sayApplied, sayPlan } from "../../src/targets/index.ts";
import { createTestCa, freePort, type KeystoneRig, startKeystone } from "../rigs/index.ts";
import { startTestIssuer, type TestIssuer } from "./targets-issuer.ts";
import { deps, examplePolicy, target } from "./targets-policy.ts";

let dir: string;
let rig: KeystoneRig;
let issuer: TestIssuer;
let connection: KeystoneConnection;
let adminToken: string;
let policy: Policy;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "cloudpass-targets-"));
  const ca = await createTestCa(join(dir, "ca"));
  issuer = await startTestIssuer(ca);
  const port = await freePort();
  policy = examplePolicy({ gx1: `http://127.0.0.1:${port}/v3` });
  const snippet = apacheSnippet(policy, target("gx1"), issuer);
  rig = await startKeystone({
    dir: join(dir, "gx1"),
    name: "gx1",
    port,
    ...issuer,
    audience: "gx1",
    caFile: ca.certFile,
    apacheSnippet: snippet,
  });
  connection = {
    authUrl: rig.url,
    username: "admin",
    password: new Secret(rig.adminPassword),
    userDomain: "Default",
    project: "admin",
    projectDomain: "Default",
  };
  const user = { name: "admin", domain: { name: "Default" }, password: rig.adminPassword };
  const scope = { project: { name: "admin", domain: { name: "Default" } } };
  const login = await call("POST", "/auth/tokens", {
    auth: { identity: { methods: ["password"], password: { user } }, scope },
  });
  adminToken = login.token;
}, 240_000);

afterAll(async () => {
  await rig?.stop();
  await issuer?.stop();
  await rm(dir, { recursive: true, force: true });
});

interface Reply {
  readonly status: number;
  readonly token: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever Keystone answers
  readonly body: any;
}

/** Past Apache, so that its log tells our own writes only; federated logins must go through it. */
async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Reply> {
  const front = headers["authorization"] === undefined ? rig.directUrl : rig.url;
  const response = await fetch(`${front}${path}`, {
    method,
    headers: { "content-type": "application/json", ...(adminToken && { "x-auth-token": adminToken }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const token = response.headers.get("x-subject-token") ?? "";
  return { status: response.status, token, body: text.startsWith("{") ? JSON.parse(text) : text };
}

const plan = (changes: readonly [string, string][] = []) => {
  const wanted = changes.length === 0 ? policy : examplePolicy({ gx1: rig.url }, changes);
  return planTarget(wanted, target("gx1"), connection, deps);
};

async function apply(changes: readonly [string, string][] = []) {
  const planned = await plan(changes);
  const applied = await applyTarget(planned);
  if (applied.outcome !== "applied") throw new Error(`${sayPlan(planned.plan)}\n${sayApplied(applied)}`);
  return applied.done.map((step) => `${step.phase} ${step.action} ${step.kind} ${step.key}`);
}

/** Everything that changed something at the front, logins left out. */
async function writes(): Promise<string[]> {
  const log = await readFile(join(rig.dir, "front", "access.log"), "utf8");
  return log.split("\n").filter((line) => /"(POST|PUT|PATCH|DELETE) /.test(line) && !line.includes("/auth/tokens"));
}

const one = async (collection: string, name: string) =>
  (await call("GET", `/${collection}?name=${name}`)).body[collection][0];
const groupId = async (name: string) => (await one("groups", name))?.id as string;
const status = async (path: string) => (await call("HEAD", path)).status;

describe("a real Keystone", () => {
  it("takes the whole policy once, and the second time nothing is written", async () => {
    expect(await apply()).toHaveLength(24);
    const before = await writes();
    expect(await apply()).toEqual([]);
    expect(await writes()).toEqual(before);
    expect(sayPlan((await plan()).plan)).toContain("24 unchanged");
  });

  it("leaves grants made by hand alone, to people and to other groups, and takes back what was hung on ours", async () => {
    const domain = await one("domains", "customer-a");
    const project = (await call("GET", `/projects?name=prod&domain_id=${domain.id}`)).body.projects[0];
    const member = await one("roles", "member");
    const user = (await call("POST", "/users", { user: { name: "hand", domain_id: domain.id } })).body.user;
    const group = (await call("POST", "/groups", { group: { name: "cp-like", domain_id: domain.id } })).body.group;
    const byHand = [
      `/projects/${project.id}/users/${user.id}/roles/${member.id}`,
      `/projects/${project.id}/groups/${group.id}/roles/${member.id}`,
    ];
    const hung = `/projects/${project.id}/groups/${await groupId("cp.customer-a.auditor")}/roles/${member.id}`;
    for (const path of [...byHand, hung]) expect((await call("PUT", path)).status).toBe(204);
    expect(await apply()).toEqual([
      "revoke delete assignment member to customer-a/cp.customer-a.auditor on project customer-a/prod",
    ]);
    expect([await status(byHand[0] ?? ""), await status(byHand[1] ?? ""), await status(hung)]).toEqual([204, 204, 404]);
  });

  it("takes a removed grant's rights away before it gives new ones, and a person's old token loses them", async () => {
    const token = await issuer.mint({ tenant: "customer-a", aud: "gx1", groups: ["cp.customer-a.developer"] });
    const unscoped = await federated("customer-a", token);
    const scoped = await scopeTo(unscoped.token, "dev");
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
    expect(await apply(change)).toEqual([
      "revoke delete assignment member to customer-a/cp.customer-a.developer on project customer-a/dev",
      "build update mapping cloudpass-customer-a",
      "build create assignment member to customer-a/cp.customer-a.auditor on projects-of customer-a",
    ]);
    expect((await scopeTo(unscoped.token, "dev")).status).toBe(401);
    expect((await call("GET", "/auth/projects", undefined, { "x-auth-token": scoped.token })).status).toBe(401);
    expect(sayPlan((await plan(change)).plan)).toContain(
      "= group customer-a/cp.customer-a.developer is no longer wanted",
    );
    expect(await apply()).toHaveLength(3);
  });

  it("mends what others changed: a mapping, an identity provider, a deleted group", async () => {
    const idp = "/OS-FEDERATION/identity_providers/cloudpass-customer-b";
    expect((await call("PATCH", idp, { identity_provider: { enabled: false, remote_ids: ["evil"] } })).status).toBe(
      200,
    );
    const rules = [{ local: [{ user: { name: "{0}" } }], remote: [{ type: "OIDC-sub" }] }];
    expect((await call("PATCH", "/OS-FEDERATION/mappings/cloudpass-customer-b", { mapping: { rules } })).status).toBe(
      200,
    );
    expect((await call("DELETE", `/groups/${await groupId("cp.customer-b.developer")}`)).status).toBe(204);
    expect(await apply()).toEqual([
      "revoke update identity-provider cloudpass-customer-b",
      "build create group customer-b/cp.customer-b.developer",
      "build update mapping cloudpass-customer-b",
      "build update identity-provider cloudpass-customer-b",
      "build create assignment member to customer-b/cp.customer-b.developer on project customer-b/dev",
    ]);
    expect((await call("GET", idp)).body.identity_provider).toMatchObject({
      enabled: true,
      remote_ids: ["urn:cloudpass:tenant:customer-b"],
    });
  });

  it("applies nothing while a group of a wanted name is somebody else's", async () => {
    const domain = await one("domains", "customer-a");
    const trap = { name: "cp.customer-a.newcomer", domain_id: domain.id, description: "mine" };
    const group = (await call("POST", "/groups", { group: trap })).body.group;
    const before = await writes();
    const change: [string, string][] = [
      ["  auditor:\n", "  newcomer:\n    - openstack: { role: member, on: domain }\n  auditor:\n"],
      ["give: domain-manager, to: platform", "give: newcomer, to: platform"],
    ];
    const planned = await plan(change);
    expect(planned.plan.conflicts.map((c) => c.key)).toEqual(["customer-a/cp.customer-a.newcomer"]);
    expect(await applyTarget(planned)).toMatchObject({ outcome: "conflict", done: [] });
    expect(await writes()).toEqual(before);
    await call("DELETE", `/groups/${group.id}`);
  });

  it("refuses a plan whose ground has moved", async () => {
    const change: [string, string][] = [["  - { id: audit, give: auditor, to: auditors, at: [gx1, gx2, prod1] }", ""]];
    const planned = await plan(change);
    await call("PATCH", `/groups/${await groupId("cp.customer-a.auditor")}`, {
      group: { description: "cloudpass: changed" },
    });
    expect(await applyTarget(planned)).toMatchObject({
      outcome: "stale",
      moved: ["group customer-a/cp.customer-a.auditor"],
    });
    expect(await apply()).toEqual(["build update group customer-a/cp.customer-a.auditor"]);
  });

  it("an account with the system as its scope sees and keeps the same world", async () => {
    const { project: _project, projectDomain: _domain, ...account } = connection;
    const planned = await planTarget(policy, target("gx1"), { ...account, system: true }, deps);
    expect(sayPlan(planned.plan)).toContain("24 unchanged");
  });

  it("says what is wrong when the account is refused or a role is missing, and writes nothing", async () => {
    const wrong = { ...connection, password: new Secret("canary-wrong") };
    const refused = await planTarget(policy, target("gx1"), wrong, deps).catch((e: unknown) => String(e));
    expect(refused).toBe("Fault: keystone gx1: log in failed: the account's name, password or scope is refused");
    const lacking = plan([
      ["    - openstack: { role: manager, on: domain }", "    - openstack: { role: load-balancer_member, on: domain }"],
      ["ceiling: { openstack: [manager,", "ceiling: { openstack: [load-balancer_member, manager,"],
      ["roles: [reader, member, manager]", "roles: [reader, member, manager, load-balancer_member]"],
    ]);
    await expect(lacking).rejects.toThrow(/the cloud has no role load-balancer_member/);
  });
});

const federated = (tenant: string, token: string) =>
  call("POST", `/OS-FEDERATION/identity_providers/cloudpass-${tenant}/protocols/openid/auth`, undefined, {
    authorization: `Bearer ${token}`,
    "x-auth-token": "",
  });

const scopeTo = (token: string, project: string | undefined, domain = "customer-a") =>
  call("POST", "/auth/tokens", {
    auth: {
      identity: { methods: ["token"], token: { id: token } },
      scope:
        project === undefined ? { domain: { name: domain } } : { project: { name: project, domain: { name: domain } } },
    },
  });

describe("federated logins through the generated Apache snippet and mapping", () => {
  const all = ["auditor", "developer", "domain-manager"];
  const groupsOf = (...tenants: string[]) => tenants.flatMap((t) => all.map((set) => `cp.${t}.${set}`));

  it("a person comes into the tenant's own domain, with the tenant's own groups only", async () => {
    const token = await issuer.mint({ tenant: "customer-a", aud: "gx1", groups: groupsOf("customer-a", "customer-b") });
    const { status, body, token: unscoped } = await federated("customer-a", token);
    expect([status, body.token?.user.name, body.token?.user.domain.name]).toEqual([201, "alice", "customer-a"]);
    expect(body.token.user["OS-FEDERATION"].groups).toHaveLength(3);
    const manager = await scopeTo(unscoped, undefined);
    expect(manager.body.token.roles.map((r: { name: string }) => r.name)).toContain("manager");
    const developer = await scopeTo(unscoped, "dev");
    expect(developer.body.token.roles.map((r: { name: string }) => r.name)).toContain("member");
    expect((await scopeTo(unscoped, "dev", "customer-b")).status).toBe(401);
    expect((await scopeTo(unscoped, undefined, "customer-b")).status).toBe(401);
  });

  it("the same name in the other tenant is another person in another domain", async () => {
    const token = await issuer.mint({ tenant: "customer-b", aud: "gx1", groups: groupsOf("customer-b") });
    const { body } = await federated("customer-b", token);
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
    const { status } = await federated("customer-a", await issuer.mint({ groups: groupsOf("customer-a"), ...claims }));
    expect([expected, 401, 403]).toContain(status);
    expect(status).not.toBe(201);
  });

  it.each([
    ["a JSON group of another domain", ['JSON:{"name":"cp.customer-b.domain-manager","domain":{"name":"customer-b"}}']],
    ["a Python list", ["['cp.customer-a.domain-manager']"]],
    ["a longer name", ["cp.customer-a.domain-manager-x", "xcp.customer-a.domain-manager"]],
    ["the other tenant's", groupsOf("customer-b")],
    ["none", []],
  ])("groups that are not ours to the letter (%s) give a person without any group", async (_, groups) => {
    const token = await issuer.mint({ tenant: "customer-a", aud: "gx1", groups, sub: "p-hostile" });
    const { status, body, token: unscoped } = await federated("customer-a", token);
    expect([status, body.token?.user["OS-FEDERATION"].groups]).toEqual([201, []]);
    expect((await scopeTo(unscoped, undefined)).status).toBe(401);
  });
});
