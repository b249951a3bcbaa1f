import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { applyRealm, planRealm } from "../../src/realms/index.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { freePort } from "../rigs/support/free-port.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../support/keycloak-admin.ts";
import { loadSmall, smallRealm } from "../support/small-realm.ts";
import { root } from "../support/stage.ts";
import { type Serving, serveFrom } from "./serving.ts";

// `cloudpass serve` as an operator starts it, beside a real Keycloak: with an account that may do little more than look,
// and without the secrets that the realm files refer to.

const realm = "drifting";
const withEvents = (text: string): string =>
  text.replace("{displayName: Small}", "{displayName: Small}\nevents: {admin: {stored: true, details: true}}");
const howTo = readFileSync(join(root, "docs/how-to/run-keycloak-from-files.md"), "utf8");
let folder: string;
let keycloak: KeycloakRig;
let admin: KeycloakAdmin;
let broker: Serving;

/** As the how-to names them: rows of its table. */
const lookerRights = [...howTo.matchAll(/^\| `(\S+)` +\| (.*?) +\|$/gm)].map(
  ([, on = "", names = ""]) => [on, names.replaceAll("`", "").split(", ")] as const,
);

/** A service account in master that may look at the realm. */
async function looker(clientId: string, secret: string): Promise<void> {
  const client = { clientId, secret, serviceAccountsEnabled: true, standardFlowEnabled: false };
  const id = String(await admin.call("POST", "/master/clients", client));
  const { id: user } = await admin.get(`/master/clients/${id}/service-account-user`);
  const give = async (on: string, names: readonly string[]): Promise<void> => {
    const [rights] = await admin.list(`/master/clients?clientId=${on}`);
    const all = await admin.list(`/master/clients/${String(rights?.["id"])}/roles`);
    const given = all.filter(({ name }) => names.includes(String(name)));
    await admin.call("POST", `/master/users/${String(user)}/role-mappings/clients/${String(rights?.["id"])}`, given);
  };
  for (const [on, names] of lookerRights) await give(on.replace("REALM", realm), names);
}

async function mallory(): Promise<KeycloakAdmin> {
  const id = String(await admin.call("POST", "/master/users", { username: "mallory", enabled: true }));
  const credentials = { type: "password", value: "pm", temporary: false };
  await admin.call("PUT", `/master/users/${id}/reset-password`, credentials);
  const role = await admin.get("/master/roles/admin");
  await admin.call("POST", `/master/users/${id}/role-mappings/realm`, [role]);
  return keycloakAdmin(keycloak.url, "mallory", "pm");
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-drift-"));
  keycloak = await startKeycloak({ dir: join(folder, "keycloak") });
  admin = keycloakAdmin(keycloak.url, keycloak.adminUser, keycloak.adminPassword);
  const password = new Secret(keycloak.adminPassword);
  const credentials = { kind: "password", username: keycloak.adminUser, password } as const;
  const deps = { clock: systemClock, random: systemRandom };
  const connection = { url: keycloak.url, realm: "master", credentials };
  expect((await applyRealm(await planRealm(loadSmall(realm, withEvents), connection, deps))).outcome).toBe("applied");
  await looker("cloudpass-look", "the secret of who looks");
  await mkdir(join(folder, "realms"));
  await writeFile(join(folder, "realms/small.yaml"), withEvents(smallRealm(realm)));
  await writeFile(join(folder, "realms/other.yaml"), "kind: Realm\nrealm: elsewhere\nkeycloak: other\n");
  await writeFile(join(folder, "realms/unwatched.yaml"), "kind: Realm\nrealm: unwatched\nkeycloak: unnamed\n");
  const account = "clientId: cloudpass-look, clientSecret: {env: LOOK_SECRET}";
  broker = await serveFrom(folder, {
    environment: `keycloaks:
  main: {url: "${keycloak.url}", ${account}}
  other: {url: "http://127.0.0.1:${await freePort()}", ${account}}
`,
    config: "realms: [realms]\nreconcile: {environment: environment.yaml, every: 30s}\n",
    env: { LOOK_SECRET: "the secret of who looks" },
  });
}, 240_000);

afterAll(async () => {
  broker?.child.kill("SIGKILL");
  await keycloak?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("cloudpass serve with realm files and reconcile", () => {
  it("finds a realm as its file says though another Keycloak is down, and shows both in the metrics", async () => {
    await expect
      .poll(() => broker.metrics(), { timeout: 45_000, interval: 500, message: broker.stderr() })
      .toMatchObject({ [`drift_objects main/${realm}`]: 0, "reachable other/elsewhere": 0 });
    const found = await broker.metrics();
    expect(found).toMatchObject({ [`watched main/${realm}`]: 1, [`reachable main/${realm}`]: 1 });
    expect(Object.keys(found).filter((name) => name.includes("unnamed"))).toEqual([]);
    expect(await broker.events("realm.drifted")).toEqual([]);
  });

  it("tells within the schedule what somebody changed by hand, and who it was", async () => {
    const hand = await mallory();
    const [desk] = await hand.list(`/${realm}/clients?clientId=desk`);
    const path = `/${realm}/clients/${String(desk?.["id"])}`;
    await hand.call("PUT", path, { ...desk, redirectUris: ["https://evil.example/*"] });
    await expect
      .poll(() => broker.metrics(), { timeout: 45_000, interval: 500 })
      .toMatchObject({ [`drift_objects main/${realm}`]: 1 });
    expect(await broker.events("realm.drifted")).toMatchObject([
      {
        realm: `main/${realm}`,
        differences: [expect.stringMatching(/^client desk: changed by mallory through admin-cli from 127\.0\.0\.1, /)],
      },
    ]);
  });

  it("changes nothing there: it is still as it was left, and nothing of ours stands in the admin events", async () => {
    const [desk] = await admin.list(`/${realm}/clients?clientId=desk`);
    expect(desk?.["redirectUris"]).toEqual(["https://evil.example/*"]);
    const [look] = await admin.list("/master/clients?clientId=cloudpass-look");
    const events = await admin.list(`/${realm}/admin-events?authClient=${String(look?.["id"])}`);
    expect(events).toEqual([]);
    expect((await admin.list(`/${realm}/admin-events?max=1`)).length).toBe(1);
  });

  it("leaves in an orderly way when it is told to", async () => {
    broker.child.kill("SIGTERM");
    const [code] = await once(broker.child, "exit");
    expect([code, broker.stderr()]).toEqual([0, ""]);
  });
});
