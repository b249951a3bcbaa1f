import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import {
  applyRealm,
  formatApplied,
  formatPlan,
  type KeycloakConnection,
  loadRealms,
  planRealm,
  type RealmSpec,
} from "../../src/realms/index.ts";
import { formatProblem } from "../../src/yaml/index.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../support/keycloak-admin.ts";
import { everything } from "../unit/realms/whole-realm.ts";

const folder = mkdtempSync(join(tmpdir(), "cloudpass-templates-"));
const deps = { clock: systemClock, random: systemRandom };
let keycloak: KeycloakRig;
let admin: KeycloakAdmin;
let connection: KeycloakConnection;

function spec(): RealmSpec {
  const loaded = loadRealms([{ file: "x.yaml", text: everything }], (r) => ("env" in r ? `the ${r.env}` : undefined));
  if (!loaded.ok) throw new Error(loaded.refusal.map(formatProblem).join("\n"));
  const [realm] = loaded.value;
  if (realm === undefined) throw new Error("no realm");
  return realm;
}

beforeAll(async () => {
  keycloak = await startKeycloak({ dir: folder });
  admin = keycloakAdmin(keycloak.url, keycloak.adminUser, keycloak.adminPassword);
  const password = new Secret(keycloak.adminPassword);
  const credentials = { kind: "password", username: keycloak.adminUser, password } as const;
  connection = { url: keycloak.url, realm: "master", credentials };
});

afterAll(async () => {
  await keycloak?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a file that uses every section, template and mapper", () => {
  it("is taken by a real Keycloak in one run, and the next plan is empty", async () => {
    const planned = await planRealm(spec(), connection, deps);
    const applied = await applyRealm(planned);
    expect(applied.outcome, formatApplied(applied)).toBe("applied");
    const again = await planRealm(spec(), connection, deps);
    expect(again.plan.steps, formatPlan(again.plan)).toEqual([]);
    expect(formatPlan(planned.plan) + formatApplied(applied)).not.toMatch(/the [AB]_SECRET/);
  });

  it("is there as Keycloak itself tells it", async () => {
    const identityProviders = await admin.list("/x/identity-provider/instances");
    const provider = (alias: string) => identityProviders.find((p) => p["alias"] === alias);
    expect(provider("sam")).toMatchObject({ providerId: "saml", config: { wantAssertionsSigned: "true" } });
    expect(provider("goo")).toMatchObject({ providerId: "google", config: { hostedDomain: "b.example" } });
    expect(provider("ent")).toMatchObject({ enabled: true, firstBrokerLoginFlowAlias: "cloudpass-first-login" });
    // Two domains: people of any of them are led to the IdP.
    expect(provider("kc")).toMatchObject({
      config: { "kc.org.domain": "ANY", "kc.org.broker.redirect.mode.email-matches": "true" },
    });
    const mappers = await admin.list("/x/identity-provider/instances/sam/mappers");
    expect(mappers.find((m) => m["name"] === "cloudpass username")).toMatchObject({
      identityProviderMapper: "saml-username-idp-mapper",
    });
    const [robot] = await admin.list("/x/clients?clientId=robot");
    expect(robot).toMatchObject({
      publicClient: false,
      directAccessGrantsEnabled: false,
      serviceAccountsEnabled: true,
    });
    expect(await admin.list("/x/roles/admin/composites")).toHaveLength(2);
  });
});
