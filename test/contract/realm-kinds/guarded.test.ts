import { describe, expect, inject, it } from "vitest";
import { systemClock, systemRandom } from "../../../src/core/index.ts";
import { applyRealm, importRealm, loadRealms, planRealm } from "../../../src/realms/index.ts";
import { formatApplied, formatPlan } from "../../../src/reconcile/index.ts";
import { reached } from "../own-keycloak.ts";

const deps = { clock: systemClock, random: systemRandom };
const realm = "guarded";
const server = reached(inject("keycloak"));

const on = (method: string, path: string, body?: unknown) => server.admin.call(method, `/${realm}${path}`, body);
const json = (value: unknown) => JSON.stringify(value);

/** One policy of every type that Keycloak has, and permissions of both kinds. */
const everyPolicy = [
  {
    ...{ name: "roles", type: "role", logic: "NEGATIVE", description: "Who sees" },
    config: {
      roles: json([
        { id: "reader", required: true },
        { id: "api/viewer", required: false },
      ]),
      fetchRoles: "true",
    },
  },
  {
    ...{ name: "groups", type: "group" },
    config: { groups: json([{ path: "/eng", extendChildren: true }]), groupsClaim: "groups" },
  },
  { name: "people", type: "user", config: { users: json(["ines"]) } },
  { name: "clients", type: "client", config: { clients: json(["api"]) } },
  { name: "scopes", type: "client-scope", config: { clientScopes: json([{ id: "profile", required: true }]) } },
  { name: "day", type: "time", config: { nbf: "2026-01-01 00:00:00", hour: "8", hourEnd: "18" } },
  { name: "mail", type: "regex", config: { targetClaim: "email", pattern: ".*", targetContextAttributes: "false" } },
  {
    ...{ name: "all of it", type: "aggregate", decisionStrategy: "CONSENSUS" },
    config: { applyPolicies: json(["roles", "day"]) },
  },
  {
    ...{ name: "papers", type: "resource", decisionStrategy: "AFFIRMATIVE" },
    config: { resources: json(["papers"]), applyPolicies: json(["all of it", "people"]) },
  },
  { name: "of a type", type: "resource", config: { defaultResourceType: "urn:paper", applyPolicies: json(["roles"]) } },
  {
    ...{ name: "seeing", type: "scope" },
    config: { resources: json(["papers"]), scopes: json(["see"]), applyPolicies: json(["clients"]) },
  },
];

async function makeGuarded(): Promise<void> {
  await server.admin.call("POST", "", { realm, enabled: true });
  await on("POST", "/roles", { name: "reader" });
  await on("POST", "/groups", { name: "eng" });
  await on("POST", "/users", { username: "ines", enabled: true });
  const api = String(await on("POST", "/clients", { clientId: "api", publicClient: true }));
  await on("POST", `/clients/${api}/roles`, { name: "viewer" });
  const machine = { serviceAccountsEnabled: true, authorizationServicesEnabled: true, secret: "a secret of a test" };
  const guard = String(await on("POST", "/clients", { clientId: "guard", ...machine }));
  await on("POST", `/clients/${guard}/authz/resource-server/import`, {
    ...{ policyEnforcementMode: "PERMISSIVE", decisionStrategy: "AFFIRMATIVE", allowRemoteResourceManagement: false },
    scopes: [{ name: "see", displayName: "See", iconUri: "https://i.example/" }, { name: "change" }],
    resources: [
      {
        ...{ name: "papers", displayName: "Papers", type: "urn:paper", uris: ["/papers/*"], ownerManagedAccess: true },
        ...{ scopes: [{ name: "see" }], icon_uri: "https://i.example/", attributes: { kind: ["a", "b"] } },
      },
      { name: "bare", uris: [] },
    ],
    policies: everyPolicy,
  });
  const account = await server.admin.get(`/${realm}/clients/${guard}/service-account-user`);
  const eng = await server.admin.get(`/${realm}/group-by-path/eng`);
  await on("PUT", `/users/${String(account["id"])}/groups/${String(eng["id"])}`);
  const told = { email: "guard@a.example", firstName: "Guard", attributes: { team: ["a", "b"] } };
  await on("PUT", `/users/${String(account["id"])}`, { ...account, ...told });
  const executor = { executor: "pkce-enforcer", configuration: { "auto-configure": true } };
  await on("PUT", "/client-policies/profiles", { profiles: [{ name: "strict", executors: [executor] }] });
  const condition = { condition: "client-roles", configuration: { roles: ["viewer"] } };
  const policy = { name: "all", enabled: true, conditions: [condition], profiles: ["strict", "fapi-1-baseline"] };
  await on("PUT", "/client-policies/policies", { policies: [policy] });
}

/** All that guards, as Keycloak exports it; order means nothing, and people are not in files. */
async function guards(): Promise<unknown> {
  const settings = await server.admin.get(`/${realm}/clients/${await guardId()}/authz/resource-server/settings`);
  const [profiles, policies] = ["profiles", "policies"].map((one) =>
    server.admin.get(`/${realm}/client-policies/${one}`),
  );
  const all = [settings, await profiles, await policies];
  return sorted(JSON.parse(JSON.stringify(all).replace('[\\"ines\\"]', "[]")));
}

/** What the client's account is and holds. */
async function account(): Promise<unknown> {
  const user = await server.admin.get(`/${realm}/clients/${await guardId()}/service-account-user`);
  const { id, createdTimestamp: _created, ...told } = user;
  const roles = JSON.stringify(await server.admin.get(`/${realm}/users/${String(id)}/role-mappings`));
  const groups = (await server.admin.list(`/${realm}/users/${String(id)}/groups`)).map((group) => group["path"]);
  return { told, groups, roles: [...roles.matchAll(/"name":"([^"]*)"/g)].map(([, name]) => name).sort() };
}

const guardId = async () => String((await server.admin.list(`/${realm}/clients?clientId=guard`))[0]?.["id"]);

function sorted(value: unknown): unknown {
  // Lists within texts, too.
  if (typeof value === "string" && value.startsWith("[")) return sorted(JSON.parse(value));
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (json(a) < json(b) ? -1 : 1));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, inside]) => [name, sorted(inside)]));
}

function load(text: string) {
  const loaded = loadRealms([{ file: "guarded.yaml", text }], () => "a secret of a test");
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(`${JSON.stringify(loaded, undefined, 1)}\n${text}`);
  return spec;
}

async function apply(text: string): Promise<number> {
  const planned = await planRealm(load(text), server.connection, deps);
  const applied = await applyRealm(planned);
  expect(applied.outcome, `${formatApplied(applied)}\n${formatPlan(planned.plan)}\n${text}`).toBe("applied");
  return planned.plan.steps.length;
}

describe("a client with authorization services", () => {
  let text = "";
  let before: unknown;

  it("is imported with an empty plan; only people are left out, and the file says so", async () => {
    await makeGuarded();
    before = [await guards(), await account()];
    ({ text } = await importRealm(server.connection, realm, deps));
    const { plan } = await planRealm(load(text), server.connection, deps);
    expect(plan.steps, `${formatPlan(plan)}\n${text}`).toEqual([]);
    const left = text.split("\n").filter((line) => line.startsWith("# Not in this file"));
    expect(left).toEqual([
      '# Not in this file: people of the policy "people" of client guard: accounts are not made from files.',
    ]);
    expect(text).not.toContain("ines");
  });

  it("is guarded the same when it was made from that file", async () => {
    await server.admin.call("DELETE", `/${realm}`);
    await apply(text);
    expect([await guards(), await account()]).toEqual(before);
    expect(await apply(text)).toBe(0);
  });

  it("comes back to that from whatever somebody made of it", async () => {
    const at = `/clients/${await guardId()}/authz/resource-server`;
    await on("POST", `${at}/scope`, { name: "print" });
    await on("POST", `${at}/resource`, { name: "more", scopes: [{ name: "print" }] });
    await on("POST", `${at}/import`, {
      policies: [
        { name: "roles", type: "role", config: { roles: json([{ id: "reader", required: false }]) } },
        { name: "anybody", type: "regex", config: { targetClaim: "sub", pattern: ".*" } },
      ],
    });
    await on("PUT", "/client-policies/policies", { policies: [] });
    const day = await server.admin.get(`/${realm}${at}/policy/search?name=day`);
    await on("DELETE", `${at}/policy/${String(day["id"])}`);
    const papers = await server.admin.get(`/${realm}${at}/resource/search?name=papers`);
    await on("PUT", `${at}/resource/${String(papers["_id"])}`, {
      name: "papers",
      uris: ["/*"],
      attributes: { a: ["b"] },
    });
    const { id } = await server.admin.get(`/${realm}/clients/${await guardId()}/service-account-user`);
    await on("POST", `/users/${String(id)}/role-mappings/realm`, [await server.admin.get(`/${realm}/roles/reader`)]);
    const [eng] = await server.admin.list(`/${realm}/users/${String(id)}/groups`);
    await on("DELETE", `/users/${String(id)}/groups/${String(eng?.["id"])}`);
    await on("PUT", `/users/${String(id)}/groups/${String(await on("POST", "/groups", { name: "ops" }))}`);
    await on("PUT", `/users/${String(id)}`, { firstName: "Other", attributes: { team: ["a"], more: ["x"] } });
    expect(await guards()).not.toEqual(before);
    await apply(text);
    expect([await guards(), await account()]).toEqual(before);
    expect(await apply(text)).toBe(0);
  });

  it("keeps what people registered for themselves", async () => {
    const at = `/clients/${await guardId()}/authz/resource-server`;
    const person = String(await on("POST", "/users", { username: "ines", enabled: true }));
    const own = { name: "papers", owner: { id: person }, ownerManagedAccess: true };
    await on("POST", `${at}/resource`, own);
    expect(await apply(text)).toBe(0);
    const all = await server.admin.list(`/${realm}${at}/resource?first=0&max=100`);
    expect(all.filter((one) => one["name"] === "papers")).toHaveLength(2);
  });
});

describe("what no file says", () => {
  const other = `${realm}-otherwise`;

  it("is named: permissions of administrators", async () => {
    const at = (method: string, path: string, body?: unknown) => server.admin.call(method, `/${other}${path}`, body);
    await server.admin.call("POST", "", { realm: other, adminPermissionsEnabled: true });
    expect((await importRealm(server.connection, other, deps)).notes).toEqual([]);
    await at("POST", "/roles", { name: "reader" });
    const [client] = await server.admin.list(`/${other}/clients?clientId=admin-permissions`);
    const role = await server.admin.get(`/${other}/roles/reader`);
    const policy = { name: "readers", roles: [{ id: role["id"] }] };
    await at("POST", `/clients/${String(client?.["id"])}/authz/resource-server/policy/role`, policy);
    expect((await importRealm(server.connection, other, deps)).notes).toEqual([
      expect.stringMatching(/^permissions of administrators/),
    ]);
    await server.admin.call("DELETE", `/${other}`);
  });
});
