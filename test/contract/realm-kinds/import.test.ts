import { beforeAll, describe, expect, inject, it } from "vitest";
import { systemClock, systemRandom } from "../../../src/core/index.ts";
import { importRealm, loadRealms, planRealm } from "../../../src/realms/index.ts";
import { formatPlan } from "../../../src/reconcile/index.ts";
import { reached } from "../own-keycloak.ts";
import { handmadeSecrets, makeByHand } from "./handmade.ts";

const deps = { clock: systemClock, random: systemRandom };
const realm = "by-hand";
const server = reached(inject("keycloak"));

beforeAll(async () => {
  await makeByHand(server.admin, realm);
  const [client] = await server.admin.list(
    `/${realm}/clients?clientId=${encodeURIComponent("https://sp.example/saml")}`,
  );
  const attributes = client?.["attributes"] as Record<string, string> | undefined;
  // Keycloak makes this key for every SAML client, and shows it.
  environment["BY_HAND_HTTPS_SP_EXAMPLE_SAML_SAML_SIGNING_PRIVATE_KEY"] = String(
    attributes?.["saml.signing.private.key"],
  );
});

const environment: Record<string, string> = {
  BY_HAND_PORTAL_CLIENT_SECRET: handmadeSecrets.client,
  BY_HAND_ACME_OIDC_CLIENTSECRET: handmadeSecrets.upstream,
  BY_HAND_USERSTORAGEPROVIDER_PEOPLE_BINDCREDENTIAL: handmadeSecrets.ldap,
};

/** Loads a file as an operator's command would. */
function load(text: string, change: Readonly<Record<string, string>> = {}) {
  const variables = { ...environment, ...change };
  const loaded = loadRealms([{ file: "by-hand.yaml", text }], (r) => ("env" in r ? variables[r.env] : undefined));
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(`${JSON.stringify(loaded, undefined, 1)}\n${text}`);
  return spec;
}

describe("a realm that was made by hand", () => {
  it("is written to a file with which the plan is empty, and no secret is in it", async () => {
    const { text, secrets } = await importRealm(server.connection, realm, deps);
    expect([...secrets].sort(), text).toEqual(Object.keys(environment).sort());
    const { plan } = await planRealm(load(text), server.connection, deps);
    expect(plan.conflicts, text).toEqual([]);
    expect(plan.steps, `${formatPlan(plan)}\n${text}`).toEqual([]);
    for (const secret of Object.values(environment)) expect(text + JSON.stringify(plan)).not.toContain(secret);
  });

  it("has everything that is not Keycloak's own in the file, and nothing that is", async () => {
    const { text } = await importRealm(server.connection, realm, deps);
    const named = [
      ...["portal:", "mobile:", "https://sp.example/saml:", "team:", "department of person:", "writer of all:"],
      ...["acme & co:", "acme-oidc", "acme-saml", "browser by hand:", "TERMS_AND_CONDITIONS:", "view-users"],
      ...["UserStorageProvider:", "LDAPStorageMapper:", "kein Kommentar", "accessTokenLifespan: 120", "viewer:"],
    ];
    for (const name of named) expect(text).toContain(name);
    for (const own of ["account-console", "microprofile", "rsa-generated", "clientSessionIdleTimeout"]) {
      expect(text).not.toContain(own);
    }
  });

  it("that changes afterwards is seen; a client's secret too", async () => {
    const { text } = await importRealm(server.connection, realm, deps);
    const [client] = await server.admin.list(`/${realm}/clients?clientId=portal`);
    await server.admin.call("PUT", `/${realm}/clients/${String(client?.["id"])}`, {
      clientId: "portal",
      description: "Drift",
    });
    const spec = load(text, { BY_HAND_PORTAL_CLIENT_SECRET: "another secret of the client" });
    const said = formatPlan((await planRealm(spec, server.connection, deps)).plan);
    expect(said).toContain('description: "Drift" → "The portal"');
    expect(said).toContain("secret: [secret]");
    expect(said).not.toContain("another secret");
  });

  it("leaves no realm behind that was made to look at", async () => {
    const realms = async () => (await server.admin.list("")).map((r) => r["realm"]).sort();
    const before = await realms();
    await importRealm(server.connection, realm, deps);
    expect(before).toContain(realm);
    expect(await realms()).toEqual(before);
  });

  it("that is not there is a fault that says so", async () => {
    await expect(importRealm(server.connection, "nowhere", deps)).rejects.toThrow(/there is no such realm/);
  });
});
