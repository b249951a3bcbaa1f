import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../../src/cli/index.ts";
import { Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { applyRealm, loadRealms, planRealm, type RealmSpec } from "../../src/realms/index.ts";
import { formatApplied, formatPlan } from "../../src/reconcile/index.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { Browser } from "../support/browser.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../support/keycloak-admin.ts";
import { drive } from "../support/keycloak-browser.ts";
import { type RelyingParty, startRelyingParty } from "../support/relying-party.ts";
import { fakeTerminal } from "../unit/cli/fake-terminal.ts";

// A customer with SAML: a second realm plays its identity provider, and its metadata is all that we are given.

const folder = mkdtempSync(join(tmpdir(), "cloudpass-saml-"));
let keycloak: KeycloakRig;
let admin: KeycloakAdmin;
let broker: RelyingParty;
const ann = { username: "ann", password: "pw", email: "ann@s.example", firstName: "Ann", lastName: "Sami" };
const file = join(folder, "customers.yaml");

/** The customer's realm: our realm as its SAML client, groups as an attribute. */
async function makeCustomer(): Promise<void> {
  await admin.call("POST", "", {
    realm: "customer-s",
    enabled: true,
    groups: [{ name: "developers" }],
    users: [
      {
        ...ann,
        password: undefined,
        enabled: true,
        groups: ["developers"],
        credentials: [{ type: "password", value: ann.password, temporary: false }],
      },
    ],
    clients: [
      {
        clientId: `${keycloak.url}/realms/customers`,
        protocol: "saml",
        redirectUris: [`${keycloak.url}/realms/customers/broker/s-idp/endpoint`],
        attributes: {
          "saml.assertion.signature": "true",
          "saml.server.signature": "true",
          "saml.client.signature": "false",
          "saml.signature.algorithm": "RSA_SHA256",
          saml_name_id_format: "persistent",
        },
        protocolMappers: [
          {
            name: "groups",
            protocol: "saml",
            protocolMapper: "saml-group-membership-mapper",
            config: {
              "attribute.name": "groups",
              "attribute.nameformat": "Basic",
              single: "false",
              "full.path": "false",
            },
          },
        ],
      },
    ],
  });
}

const idp = async (...argv: string[]) => {
  const terminal = fakeTerminal({ HOME: folder });
  const deps = {
    version: "0",
    serve: async () => 0,
  };
  const code = await runCli(["idp", ...argv, "--yes"], { ...deps, terminal });
  expect(code, terminal.err() + terminal.out()).toBe(0);
};

function spec(): RealmSpec {
  const loaded = loadRealms([{ file, text: readFileSync(file, "utf8") }], () => undefined);
  const [found] = loaded.ok ? loaded.value : [];
  if (found === undefined) throw new Error(JSON.stringify(loaded));
  return found;
}

async function apply(): Promise<void> {
  const credentials = {
    kind: "password",
    username: keycloak.adminUser,
    password: new Secret(keycloak.adminPassword),
  } as const;
  const deps = { clock: systemClock, random: systemRandom };
  const planned = await planRealm(spec(), { url: keycloak.url, realm: "master", credentials }, deps);
  const applied = await applyRealm(planned);
  expect(applied.outcome, `${formatPlan(planned.plan)}\n${formatApplied(applied)}`).toBe("applied");
}

/** Claims of a login in a fresh browser. */
async function login(): Promise<Readonly<Record<string, unknown>>> {
  const browser = new Browser();
  const start = await broker.start(`${keycloak.url}/realms/customers`, { kc_idp_hint: "s-idp" });
  const driven = await drive(browser, await browser.open(start.url, broker.callback), broker.callback, ann);
  if (driven.done === undefined) throw new Error(`login ended on "${driven.title}": ${driven.error}`);
  return (await broker.finish(start, driven.done)).idToken;
}

beforeAll(async () => {
  keycloak = await startKeycloak({ dir: folder });
  admin = keycloakAdmin(keycloak.url, keycloak.adminUser, keycloak.adminPassword);
  broker = await startRelyingParty();
  await makeCustomer();
  // The first page of a fresh Keycloak takes it longer than a check waits.
  await fetch(`${keycloak.url}/realms/customer-s/protocol/saml`);
  writeFileSync(file, `kind: Realm\nrealm: customers\nbroker: {issuer: "${broker.issuer}"}\n`);
  writeFileSync(
    join(folder, "lab.yaml"),
    "kind: Environment\nissuer: https://login.example\nprobe: {allow: [127.0.0.0/8]}\n",
  );
}, 240_000);
afterAll(async () => {
  await broker?.stop();
  await keycloak?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a customer with a SAML identity provider", { timeout: 120_000 }, () => {
  test("is written from its metadata, applied, and signs its people in with their groups", async () => {
    const metadata = `${keycloak.url}/realms/customer-s/protocol/saml/descriptor`;
    const customer = ["--organization", "s", "--organization-name", "S", "--domain", "s.example"];
    await idp(
      "add",
      file,
      "--id",
      "s-idp",
      "--metadata",
      metadata,
      ...customer,
      "--environment",
      join(folder, "lab.yaml"),
    );
    await idp("stage", "s-idp", "testing", file, "--tester", "ann");
    await idp("stage", "s-idp", "active", file);
    await apply();
    const claims = await login();
    expect(claims).toMatchObject({ identity_provider: "s-idp", groups: ["developers"] });
  });

  test("knows the same person again, by the persistent name, and a changed group", async () => {
    const first = await login();
    const [user] = await admin.list("/customer-s/users?username=ann");
    const [group] = await admin.list("/customer-s/groups?search=developers");
    await admin.call("DELETE", `/customer-s/users/${String(user?.["id"])}/groups/${String(group?.["id"])}`);
    const second = await login();
    expect(second["sub"]).toBe(first["sub"]);
    expect([first["groups"], second["groups"] ?? []]).toEqual([["developers"], []]);
  });

  test("lets nobody in when it is suspended", async () => {
    await idp("stage", "s-idp", "suspended", file);
    await apply();
    await expect(login()).rejects.toThrow(/login ended on/);
  });
});
