import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { type KeycloakConnection, realmHoldingsOfPerson, realmHoldingsOfTenant } from "../../src/realms/index.ts";
import { endHoldings, type Holding } from "../../src/targets/index.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../support/keycloak-admin.ts";

const folder = mkdtempSync(join(tmpdir(), "cloudpass-leaving-"));
const deps = { clock: systemClock, random: systemRandom };
let keycloak: KeycloakRig;
let admin: KeycloakAdmin;
let connection: KeycloakConnection;
const people = new Map<string, string>();

beforeAll(async () => {
  keycloak = await startKeycloak({ dir: folder });
  const [username, password] = [keycloak.adminUser, keycloak.adminPassword];
  admin = keycloakAdmin(keycloak.url, username, password);
  connection = {
    url: keycloak.url,
    realm: "master",
    credentials: { kind: "password", username, password: new Secret(password) },
  };
  await admin.call("POST", "", { realm: "leaving", enabled: true, organizationsEnabled: true });
  const client = { clientId: "desk", publicClient: true, directAccessGrantsEnabled: true };
  await admin.call("POST", "/leaving/clients", client);
  for (const alias of ["a-idp", "b-idp"]) {
    const config = {
      clientId: "x",
      clientSecret: "y",
      issuer: `https://${alias}.example`,
      authorizationUrl: "https://x.example/a",
      tokenUrl: "https://x.example/t",
    };
    await admin.call("POST", "/leaving/identity-provider/instances", {
      alias,
      providerId: "oidc",
      enabled: true,
      config,
    });
    const organization = { name: alias, alias, domains: [{ name: `${alias}.example` }], enabled: true };
    const id = String(await admin.call("POST", "/leaving/organizations", organization));
    await admin.call("POST", `/leaving/organizations/${id}/identity-providers`, alias);
  }
  for (const [name, alias] of [
    ["ann", "a-idp"],
    ["bob", "b-idp"],
  ] as const) {
    const user = {
      username: name,
      email: `${name}@${alias}.example`,
      firstName: name,
      lastName: "Leaver",
      enabled: true,
      attributes: { locale: ["de"] },
      credentials: [{ type: "password", value: "secret of a test" }],
    };
    const id = String(await admin.call("POST", "/leaving/users", user));
    const link = { identityProvider: alias, userId: `at-${alias}`, userName: name };
    await admin.call("POST", `/leaving/users/${id}/federated-identity/${alias}`, link);
    people.set(name, id);
  }
}, 240_000);

afterAll(async () => {
  await keycloak?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const signIn = async (username: string): Promise<number> => {
  const form = { grant_type: "password", client_id: "desk", username, password: "secret of a test" };
  const url = `${keycloak.url}/realms/leaving/protocol/openid-connect/token`;
  return (await fetch(url, { method: "POST", body: new URLSearchParams(form) })).status;
};
const linesOf = (holdings: readonly Holding[]) =>
  holdings.map((h) => `${h.what.replace(/[0-9a-f-]{36}/, "ID")}: ${h.ended ? "was" : "to be"} ${h.becomes}`);

describe("a leaver at a real Keycloak", () => {
  it("loses sessions and account, and everything else of the account stays as it is", async () => {
    expect(await signIn("ann")).toBe(200);
    const id = people.get("ann") ?? "";
    const before = await admin.get(`/leaving/users/${id}`);
    const reach = () => realmHoldingsOfPerson(connection, "leaving", id, deps);
    const holdings = await reach();
    expect(linesOf(holdings)).toEqual(["user ann, ID: to be disabled", "1 session of ann: to be ended"]);
    expect((await endHoldings(holdings)).map((p) => p.outcome)).toEqual(["ended", "ended"]);
    expect(await signIn("ann")).not.toBe(200);
    expect(await admin.get(`/leaving/users/${id}`)).toEqual({
      ...before,
      enabled: false,
      notBefore: expect.anything(),
    });
    expect(linesOf(await reach())).toEqual(["user ann, ID: was disabled", "no sessions of ann: was ended"]);
    expect(await realmHoldingsOfPerson(connection, "leaving", "nobody", deps)).toEqual([]);
  });
});

describe("a tenant that leaves", () => {
  it("loses identity provider, organization and people; the other tenant keeps them", async () => {
    expect(await signIn("bob")).toBe(200);
    const reach = (alias: string) => realmHoldingsOfTenant(connection, "leaving", [alias], deps);
    const others = linesOf(await reach("a-idp"));
    const holdings = await reach("b-idp");
    expect(linesOf(holdings)).toEqual([
      "identity provider b-idp: to be disabled",
      "organization b-idp: to be disabled",
      "user bob, ID: to be disabled",
      "1 session of bob: to be ended",
    ]);
    expect((await endHoldings(holdings)).map((p) => p.outcome)).toEqual(Array(4).fill("ended"));
    expect(await signIn("bob")).not.toBe(200);
    const organizations = await admin.list("/leaving/organizations?search=b-idp&briefRepresentation=false");
    expect(organizations).toEqual([expect.objectContaining({ enabled: false })]);
    expect(JSON.stringify(organizations)).toContain("b-idp.example");
    expect(linesOf(await reach("a-idp"))).toEqual(others);
  });
});
