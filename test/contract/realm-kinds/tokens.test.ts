import { describe, expect, inject, it } from "vitest";
import { systemClock, systemRandom } from "../../../src/core/index.ts";
import { applyRealm, importRealm, loadRealms, planRealm } from "../../../src/realms/index.ts";
import { formatApplied, formatPlan, identityOf } from "../../../src/reconcile/index.ts";
import { reached } from "../own-keycloak.ts";

const deps = { clock: systemClock, random: systemRandom };
const realm = "tokens";
const server = reached(inject("keycloak"));

const on = (method: string, path: string, body?: unknown) => server.admin.call(method, `/${realm}${path}`, body);

/** Keycloak's ids by name. */
async function idsOf(collection: "clients" | "client-scopes"): Promise<(name: string) => string> {
  const field = collection === "clients" ? "clientId" : "name";
  const all = await server.admin.list(`/${realm}/${collection}`);
  return (name) => String(all.find((one) => one[field] === name)?.["id"]);
}

/** A realm whose tokens are narrow, as somebody would have made it in the console. */
async function makeNarrow(): Promise<void> {
  await server.admin.call("POST", "", { realm, enabled: true });
  for (const name of ["reader", "writer"]) await on("POST", "/roles", { name });
  const api = String(await on("POST", "/clients", { clientId: "api", publicClient: true }));
  await on("POST", `/clients/${api}/roles`, { name: "viewer" });
  const [reader, viewer] = await rolesOf(api);
  const team = String(await on("POST", "/client-scopes", { name: "team", protocol: "openid-connect" }));
  const scope = await idsOf("client-scopes");
  await on("DELETE", `/default-default-client-scopes/${scope("profile")}`);
  await on("PUT", `/default-optional-client-scopes/${scope("profile")}`);
  await on("DELETE", `/default-optional-client-scopes/${scope("address")}`);
  await on("DELETE", `/client-scopes/${scope("offline_access")}/scope-mappings/realm`, [
    await server.admin.get(`/${realm}/roles/offline_access`),
  ]);
  await on("POST", `/client-scopes/${team}/scope-mappings/realm`, [reader]);
  await on("POST", `/client-scopes/${team}/scope-mappings/clients/${api}`, [viewer]);
  const app = String(await on("POST", "/clients", { clientId: "app", fullScopeAllowed: false, publicClient: true }));
  await on("POST", `/clients/${app}/scope-mappings/clients/${api}`, [viewer]);
  await on("DELETE", `/clients/${app}/default-client-scopes/${scope("email")}`);
  await on("DELETE", `/clients/${app}/optional-client-scopes/${scope("phone")}`);
  await on("PUT", `/clients/${app}/default-client-scopes/${scope("address")}`);
  await on("PUT", `/clients/${app}/optional-client-scopes/${team}`);
  await on("POST", "/clients", { clientId: "wide", publicClient: true });
}

/** The realm role `reader` and the role `viewer` of the client `api`. */
const rolesOf = (api: string) =>
  Promise.all([server.admin.get(`/${realm}/roles/reader`), server.admin.get(`/${realm}/clients/${api}/roles/viewer`)]);

/** Somebody who holds every role there is; people are not in realm files. */
async function makePerson(): Promise<string> {
  const client = await idsOf("clients");
  const id = String(await on("POST", "/users", { username: "ines", email: "ines@a.example", enabled: true }));
  const [reader, viewer] = await rolesOf(client("api"));
  await on("POST", `/users/${id}/role-mappings/realm`, [reader, await server.admin.get(`/${realm}/roles/writer`)]);
  await on("POST", `/users/${id}/role-mappings/clients/${client("api")}`, [viewer]);
  return id;
}

/** What Keycloak itself would put into tokens of each client, for the scopes that may be asked for. */
async function tokensFor(person: string): Promise<unknown> {
  const client = await idsOf("clients");
  const asked = [
    ["app"],
    ["app", "team"],
    ["app", "profile", "phone", "offline_access"],
    ["wide"],
    ["wide", "address"],
  ];
  return Promise.all(
    asked.map(async ([name = "", ...scopes]) => {
      const query = new URLSearchParams({ userId: person, scope: ["openid", ...scopes].join(" ") });
      const path = `/clients/${client(name)}/evaluate-scopes/generate-example-access-token?${query}`;
      const token = await server.admin.get(`/${realm}${path}`);
      // Order means nothing; the rest differs from token to token, or from person to person.
      const text = JSON.stringify({ ...token, scope: String(token["scope"]).split(" ").sort() });
      const { exp: _e, iat: _i, jti: _j, sub: _s, sid: _d, ...kept } = JSON.parse(text) as Record<string, unknown>;
      return [name, scopes, sorted(kept)];
    }),
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inside]) => [name, sorted(inside)]),
  );
}

function load(text: string) {
  const loaded = loadRealms([{ file: "tokens.yaml", text }], () => "a secret of a test");
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(`${JSON.stringify(loaded, undefined, 1)}\n${text}`);
  return spec;
}

async function apply(text: string): Promise<readonly string[]> {
  const planned = await planRealm(load(text), server.connection, deps);
  const applied = await applyRealm(planned);
  expect(applied.outcome, `${formatApplied(applied)}\n${formatPlan(planned.plan)}\n${text}`).toBe("applied");
  return planned.plan.steps.map(identityOf);
}

describe("a realm whose tokens are narrow", () => {
  let text = "";
  let tokens: unknown;

  it("is imported with an empty plan", async () => {
    await makeNarrow();
    tokens = await tokensFor(await makePerson());
    ({ text } = await importRealm(server.connection, realm, deps));
    const { plan } = await planRealm(load(text), server.connection, deps);
    expect(plan.steps, `${formatPlan(plan)}\n${text}`).toEqual([]);
    expect(text).not.toContain("# Not in this file");
  });

  it("has the same roles and scopes in its tokens when it was made from that file", async () => {
    await server.admin.call("DELETE", `/${realm}`);
    await apply(text);
    expect(await tokensFor(await makePerson())).toEqual(tokens);
    expect(await apply(text)).toEqual([]);
  });

  it("comes back to them from whatever somebody made of it", async () => {
    const [client, scope] = [await idsOf("clients"), await idsOf("client-scopes")];
    const [reader, viewer] = await rolesOf(client("api"));
    await on("POST", `/clients/${client("app")}/scope-mappings/realm`, [reader]);
    await on("DELETE", `/clients/${client("app")}/scope-mappings/clients/${client("api")}`, [viewer]);
    await on("PUT", `/clients/${client("app")}/default-client-scopes/${scope("email")}`);
    await on("PUT", `/clients/${client("app")}/default-client-scopes/${scope("phone")}`);
    await on("DELETE", `/clients/${client("wide")}/default-client-scopes/${scope("roles")}`);
    await on("PUT", `/clients/${client("wide")}/default-client-scopes/${scope("team")}`);
    await on("PUT", `/default-optional-client-scopes/${scope("address")}`);
    await on("DELETE", `/client-scopes/${scope("team")}/scope-mappings/realm`, [reader]);
    const [person] = await server.admin.list(`/${realm}/users?username=ines`);
    expect(await tokensFor(String(person?.["id"]))).not.toEqual(tokens);
    await apply(text);
    expect(await tokensFor(String(person?.["id"]))).toEqual(tokens);
    expect(await apply(text)).toEqual([]);
  });
});

describe("a scope that the file gives to every client", () => {
  const file = (assigned: string) =>
    `kind: Realm\nrealm: ${realm}\nclients:\n  app: {template: device-cli}\nclientScopes:\n  team: {${assigned}}\n`;
  const scopesOf = async (kind: "default" | "optional") => {
    const client = await idsOf("clients");
    const all = await server.admin.list(`/${realm}/clients/${client("app")}/${kind}-client-scopes`);
    return all.map((one) => one["name"]);
  };

  it("is had by those that were there before, and goes when the file gives it no more", async () => {
    await server.admin.call("DELETE", `/${realm}`);
    await apply(file(""));
    expect(await apply(file("assigned: optional"))).toContain("client-scope-assignment app team");
    expect(await scopesOf("optional")).toContain("team");
    await apply(file("assigned: default"));
    expect(await scopesOf("default")).toContain("team");
    await apply(file(""));
    expect([...(await scopesOf("default")), ...(await scopesOf("optional"))]).not.toContain("team");
    expect(await apply(file(""))).toEqual([]);
  });

  it("is had by those that are made with it", async () => {
    await server.admin.call("DELETE", `/${realm}`);
    await apply(file("assigned: default"));
    expect(await scopesOf("default")).toContain("team");
    expect(await apply(file("assigned: default"))).toEqual([]);
  });
});
