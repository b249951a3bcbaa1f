import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Fault, Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import {
  applyRealm,
  contentsOfRealm,
  type KeycloakConnection,
  loadRealms,
  planRealm,
  type RealmSpec,
  removeRealm,
} from "../../src/realms/index.ts";
import { formatApplied, formatPlan, readPlans, savePlans } from "../../src/reconcile/index.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { Browser, type Page } from "../support/browser.ts";
import { type CustomerIdp, createCustomerIdp } from "../support/customer-idp.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../support/keycloak-admin.ts";
import { drive } from "../support/keycloak-browser.ts";
import { type RelyingParty, startRelyingParty } from "../support/relying-party.ts";

const text = readFileSync(new URL("../../realms/scs.yaml", import.meta.url), "utf8");
const secrets = { a: "the secret of customer a", b: "the secret of customer b" };
const deps = { clock: systemClock, random: systemRandom };
const folder = mkdtempSync(join(tmpdir(), "cloudpass-realms-"));
let keycloak: KeycloakRig;
let admin: KeycloakAdmin;
let connection: KeycloakConnection;
let broker: RelyingParty;
let a: CustomerIdp;
let b: CustomerIdp;

/** The example realm as loaded, with a changed text or other environment where a test wants it. */
function spec(change: (text: string) => string = (t) => t, more: Record<string, string> = {}): RealmSpec {
  const environment: Record<string, string> = {
    CLOUDPASS_ISSUER: broker.issuer,
    CUSTOMER_A_IDP_ISSUER: a.issuer,
    CUSTOMER_A_IDP_SECRET: secrets.a,
    CUSTOMER_B_IDP_ISSUER: b.issuer,
    CUSTOMER_B_IDP_SECRET: secrets.b,
    ...more,
  };
  const files = [{ file: "realms/scs.yaml", text: change(text) }];
  const loaded = loadRealms(files, (r) => ("env" in r ? environment[r.env] : undefined));
  if (!loaded.ok || loaded.value[0] === undefined) throw new Error(JSON.stringify(loaded));
  return loaded.value[0];
}

const plan = (wanted: RealmSpec) => planRealm(wanted, connection, deps);

async function bring(wanted: RealmSpec): Promise<string> {
  const planned = await plan(wanted);
  const applied = await applyRealm(planned);
  expect(applied.outcome, formatApplied(applied)).toBe("applied");
  return formatPlan(planned.plan);
}

const ada = { username: "ada", password: "pa", email: "ada@a.example", firstName: "Ada", lastName: "Lovelace" };
/** Same name, same address, another customer. */
const otherAda = { ...ada, password: "pb", lastName: "Byron" };

async function login(alias: string, person: { username: string; password: string }, browser = new Browser()) {
  const start = await broker.start(`${keycloak.url}/realms/scs`, { kc_idp_hint: alias });
  const page = await browser.open(start.url, broker.callback);
  const driven = await drive(browser, page, broker.callback, person);
  if (driven.done === undefined) throw new Error(`login ended on "${driven.title}": ${driven.error}`);
  return broker.finish(start, driven.done);
}

beforeAll(async () => {
  keycloak = await startKeycloak({ dir: folder });
  admin = keycloakAdmin(keycloak.url, keycloak.adminUser, keycloak.adminPassword);
  const credentials = {
    kind: "password",
    username: keycloak.adminUser,
    password: new Secret(keycloak.adminPassword),
  } as const;
  connection = { url: keycloak.url, realm: "master", credentials };
  broker = await startRelyingParty();
  const customer = (realm: string, clientSecret: string, people: Parameters<typeof createCustomerIdp>[1]["people"]) =>
    createCustomerIdp(admin, {
      ...{ realm, clientSecret, people, brokerRealm: `${keycloak.url}/realms/scs` },
      ...{ alias: `${realm}-idp`, clientId: "cloudpass-broker" },
    });
  a = await customer("customer-a", secrets.a, [
    { ...ada, groups: ["developers", "platform"], attributes: { department: "web" } },
    { username: "eve", password: "pe", groups: ["developers"] },
  ]);
  b = await customer("customer-b", secrets.b, [{ ...otherAda, groups: ["operators"] }]);
});

afterAll(async () => {
  await broker?.stop();
  await keycloak?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("the example realm on a real Keycloak", () => {
  it("an empty Keycloak gets all of it, and the next plan is empty", async () => {
    const said = await bring(spec());
    expect(said).toContain("+ realm scs");
    for (const secret of Object.values(secrets)) expect(said).not.toContain(secret);
    const again = await plan(spec());
    expect(again.plan.steps, formatPlan(again.plan)).toEqual([]);
    expect((await applyRealm(again)).done).toEqual([]);
  });

  it("a saved plan is applied as long as it is true", async () => {
    const wanted = spec((t) => t.replace("accessTokenLifespan: 5m", "accessTokenLifespan: 4m"));
    const saved = readPlans(savePlans([(await plan(wanted)).plan]));
    if (!saved.ok) throw new Error(saved.refusal);
    expect(await applyRealm(await plan(wanted), { plan: saved.value[0] })).toMatchObject({ outcome: "applied" });
    expect(await applyRealm(await plan(spec()), { plan: saved.value[0] })).toMatchObject({ outcome: "stale" });
    const elsewhere = await plan({ ...wanted, keycloak: "spare" });
    const moved = ["the plan is for keycloak main realm scs, not for keycloak spare realm scs"];
    expect(await applyRealm(elsewhere, { plan: saved.value[0] })).toMatchObject({ outcome: "stale", moved });
    await bring(spec());
  });

  it("what was made by hand survives, and a name that is taken is a conflict", async () => {
    await admin.call("POST", "/scs/clients", { clientId: "by-hand", redirectUris: ["https://x.example/"] });
    await admin.call("POST", "/scs/organizations", {
      name: "by-hand",
      alias: "by-hand",
      domains: [{ name: "h.example" }],
    });
    expect((await plan(spec())).plan.steps).toEqual([]);
    const taken = await plan(spec((t) => t.replace("clientId: cloudpass", "clientId: by-hand")));
    expect(taken.plan.conflicts).toMatchObject([{ kind: "client", key: "by-hand" }]);
    expect(await applyRealm(taken)).toMatchObject({ outcome: "conflict" });
    expect(await admin.list("/scs/clients?clientId=by-hand")).toMatchObject([{ redirectUris: ["https://x.example/"] }]);
  });

  it("drift made by hand is seen, named, and repaired", async () => {
    const [client] = await admin.list("/scs/clients?clientId=cloudpass");
    const idp = await admin.get("/scs/identity-provider/instances/customer-a-idp");
    const realm = await admin.get("/scs");
    await admin.call("PUT", `/scs/clients/${String(client?.["id"])}`, {
      ...client,
      redirectUris: ["https://evil.example/*"],
      directAccessGrantsEnabled: true,
      attributes: { ...(client?.["attributes"] as object), "pkce.code.challenge.method": "" },
    });
    await admin.call("PUT", "/scs/identity-provider/instances/customer-a-idp", {
      ...idp,
      firstBrokerLoginFlowAlias: "first broker login",
      config: { ...(idp["config"] as object), guiOrder: "7", issuer: "https://evil.example" },
    });
    await admin.call("PUT", "/scs", { ...realm, duplicateEmailsAllowed: false, bruteForceProtected: false });
    const [step] = await admin.list("/scs/authentication/flows/cloudpass-first-login/executions");
    await admin.call("PUT", "/scs/authentication/flows/cloudpass-first-login/executions", {
      ...step,
      requirement: "DISABLED",
    });
    const said = await bring(spec());
    for (const drift of [
      '- "https://evil.example/*"',
      "directAccessGrantsEnabled: true → false",
      'attributes.pkce.code.challenge.method: "S256"',
      'firstBrokerLoginFlowAlias: "first broker login" → "cloudpass-first-login"',
      'config.issuer: "https://evil.example"',
      "bruteForceProtected: false → true",
      "duplicateEmailsAllowed: false → true",
      "± authentication-flow cloudpass-first-login",
    ]) {
      expect(said).toContain(drift);
    }
    // An identity provider of ours is the file's to say, whole; its secret has gone along.
    const { config } = await admin.get("/scs/identity-provider/instances/customer-a-idp");
    expect(config).not.toHaveProperty("guiOrder");
    expect(config).toHaveProperty("clientSecret");
    expect((await plan(spec())).plan.steps).toEqual([]);
  });

  it("a changed secret is noticed though Keycloak masks it, and is written nowhere else", async () => {
    const wanted = spec((t) => t, { CUSTOMER_B_IDP_SECRET: "another secret" });
    const planned = await plan(wanted);
    expect(planned.plan.steps).toMatchObject([{ kind: "identity-provider", key: "customer-b-idp", action: "update" }]);
    expect(formatPlan(planned.plan)).toContain("clientSecret: [secret]");
    await bring(wanted);
    expect(await bring(spec())).toContain("1 to change");
  });

  it("a customer that leaves is taken away, and nothing of the others is touched", async () => {
    const more = spec((t) =>
      t
        .replace(
          "upstreams:\n  - id: customer-a-idp",
          "upstreams:\n  - {id: c-idp, template: keycloak, issuer: {env: CUSTOMER_A_IDP_ISSUER}, client: {id: x, secret: {env: CUSTOMER_A_IDP_SECRET}}, claims: [team]}\n  - id: customer-a-idp",
        )
        .replace(
          "organizations:",
          "organizations:\n  - {id: customer-c, name: Customer C, domains: [c.example], upstreams: [c-idp]}",
        ),
    );
    expect(await bring(more)).toContain("+ identity-provider c-idp");
    const gone = await plan(spec());
    expect(new Set(gone.plan.steps.map((s) => s.action))).toEqual(new Set(["delete"]));
    expect(formatPlan(gone.plan)).toContain("- identity-provider c-idp (takes rights away, cannot be undone)");
    await applyRealm(gone);
    expect((await plan(spec())).plan.steps).toEqual([]);
  });

  it("a domain and an IdP move from one customer to another, leaving the first before they reach the second", async () => {
    const moved = spec((t) =>
      t
        .replace("domains: [a.example], upstreams: [customer-a-idp]", "domains: [a2.example], upstreams: []")
        .replace(
          "domains: [b.example], upstreams: [customer-b-idp]",
          "domains: [b.example, a.example], upstreams: [customer-b-idp, customer-a-idp]",
        ),
    );
    const domains = async () => {
      const all = await admin.list("/scs/organizations?briefRepresentation=false");
      const of = (o: (typeof all)[number]) => (o["domains"] as { name: string }[]).map(({ name }) => name).sort();
      return Object.fromEntries(all.map((o) => [o["alias"], of(o)]));
    };
    const idps = async (customer: string) => {
      const found = (await admin.list("/scs/organizations")).find((o) => o["alias"] === customer);
      const linked = await admin.list(`/scs/organizations/${String(found?.["id"])}/identity-providers`);
      return linked.map((idp) => idp["alias"]).sort();
    };
    const before = [await domains(), await idps("customer-a"), await idps("customer-b")];
    await bring(moved);
    expect(await domains()).toMatchObject({ "customer-a": ["a2.example"], "customer-b": ["a.example", "b.example"] });
    expect([await idps("customer-a"), await idps("customer-b")]).toEqual([[], ["customer-a-idp", "customer-b-idp"]]);
    await bring(spec());
    expect([await domains(), await idps("customer-a"), await idps("customer-b")]).toEqual(before);
  });
});

describe("an apply that dies", () => {
  it("after every other step, before or after it took effect, is completed by the runs after it", async () => {
    const wanted = spec((t) => t.replace("realm: scs", "realm: scs-dying"));
    let outcome = "";
    for (let run = 0; outcome !== "applied"; run++) {
      expect(run).toBeLessThan(30);
      const planned = await plan(wanted);
      let left = 2;
      const dying =
        <A extends unknown[]>(write: (...args: A) => Promise<void>) =>
        async (...args: A) => {
          if (left-- > 0) return write(...args);
          if (run % 2 === 0) await write(...args);
          throw new Fault("keycloak", "dying");
        };
      const { create, update, remove } = planned.driver;
      const driver = { ...planned.driver, create: dying(create), update: dying(update), remove: dying(remove) };
      outcome = (await applyRealm({ ...planned, driver })).outcome;
    }
    expect((await plan(wanted)).plan.steps).toEqual([]);
    await admin.call("DELETE", "/scs-dying");
  });
});

describe("logins through the realm", () => {
  it("a brokered login carries the IdP, the groups and the person's name there", async () => {
    const tokens = await login("customer-a-idp", ada);
    expect(tokens.idToken).toMatchObject({
      identity_provider: "customer-a-idp",
      upstream_username: "ada",
      email: "ada@a.example",
      department: ["web"],
    });
    expect(tokens.idToken["groups"]).toEqual(expect.arrayContaining(["developers", "platform"]));
    expect(tokens.refreshToken).toMatch(/^ey/);
    const info = await broker.userinfo(`${keycloak.url}/realms/scs`, tokens.accessToken);
    expect(info).toMatchObject({ identity_provider: "customer-a-idp", department: ["web"] });
  });

  it("a group taken away upstream is gone after the next login", async () => {
    await a.removeFromGroup("ada", "platform");
    expect((await login("customer-a-idp", ada)).idToken["groups"]).toEqual(["developers"]);
    await a.removeFromGroup("ada", "developers");
    expect((await login("customer-a-idp", ada)).idToken["groups"] ?? []).toEqual([]);
    await a.addToGroup("ada", "developers");
  });

  it("equal name and e-mail from another customer's IdP is another person (S-34)", async () => {
    const first = await login("customer-a-idp", ada);
    const second = await login("customer-b-idp", otherAda);
    expect(second.idToken["sub"]).not.toBe(first.idToken["sub"]);
    expect(second.idToken).toMatchObject({ identity_provider: "customer-b-idp", groups: ["operators"] });
    expect((await login("customer-a-idp", ada)).idToken).toMatchObject({
      sub: first.idToken["sub"],
      groups: ["developers"],
    });
  });

  it("the identity provider's token can be read back, and disabling there shows at its userinfo", async () => {
    const tokens = await login("customer-a-idp", { username: "eve", password: "pe" });
    const stored = await broker.fetchJson(`${keycloak.url}/realms/scs/broker/customer-a-idp/token`, tokens.accessToken);
    expect(stored.status).toBe(200);
    const upstreamToken = String(stored.body["access_token"]);
    expect(stored.body["refresh_token"]).toMatch(/^ey/);
    const userinfo = `${a.issuer}/protocol/openid-connect/userinfo`;
    expect((await broker.fetchJson(userinfo, upstreamToken)).body["groups"]).toEqual(["developers"]);
    await a.disable("eve");
    expect((await broker.fetchJson(userinfo, upstreamToken)).status).toBe(401);
    await a.enable("eve");
  });

  it("a person cannot link a second IdP to the account (S-36)", async () => {
    const browser = new Browser();
    const { idToken } = await login("customer-a-idp", ada, browser);
    const more = { kc_action: "idp_link:customer-b-idp", kc_idp_hint: "customer-a-idp" };
    const start = await broker.start(`${keycloak.url}/realms/scs`, more);
    const page = await browser.open(start.url, broker.callback);
    const who = (at: Page) => (at.url.includes("/realms/customer-b/") ? otherAda : ada);
    const { steps, done } = await drive(browser, page, broker.callback, who);
    // Once at the first customer's IdP; the second customer's never comes.
    expect(steps).toEqual(["login"]);
    expect(done?.searchParams.get("kc_action_status")).toBe("error");
    const links = await admin.list(`/scs/users/${String(idToken["sub"])}/federated-identity`);
    expect(links.map((l) => l["identityProvider"])).toEqual(["customer-a-idp"]);
  });

  it("a person can write neither claims nor name nor address into the own account", async () => {
    const { accessToken, idToken } = await login("customer-a-idp", ada);
    const wish = { firstName: "Grace", lastName: "Hopper", email: "grace@b.example" };
    const answer = await fetch(`${keycloak.url}/realms/scs/account/`, {
      method: "POST",
      headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
      body: JSON.stringify({ ...wish, attributes: { "upstream.groups": ["admins"] } }),
    });
    expect(answer.ok).toBe(false);
    const more = { kc_action: "UPDATE_PROFILE", kc_idp_hint: "customer-a-idp" };
    const start = await broker.start(`${keycloak.url}/realms/scs`, more);
    const browser = new Browser();
    const page = await browser.open(start.url, broker.callback);
    const profile = { ...wish, "upstream.groups": "admins", upstream_username: "grace" };
    const { steps } = await drive(browser, page, broker.callback, { ...ada, profile });
    expect(steps).toContain("profile");
    const user = await admin.get(`/scs/users/${String(idToken["sub"])}`);
    expect(user).toMatchObject({ firstName: "Ada", lastName: "Lovelace", email: "ada@a.example" });
    expect(user["attributes"]).toMatchObject({ "upstream.groups": ["developers"], upstream_username: ["ada"] });
  });

  it("a person without e-mail and family name logs in without being asked for them", async () => {
    const [user] = await admin.list("/customer-a/users?exact=true&username=eve");
    await admin.call("PUT", `/customer-a/users/${String(user?.["id"])}`, { ...user, email: "", lastName: "" });
    const tokens = await login("customer-a-idp", { username: "eve", password: "pe" });
    expect(tokens.idToken).toMatchObject({ upstream_username: "eve", groups: ["developers"] });
  });

  it("the code is bound to PKCE and to the exact redirect URI", async () => {
    const realm = `${keycloak.url}/realms/scs`;
    const start = await broker.start(realm, { kc_idp_hint: "customer-a-idp" });
    const url = new URL(start.url);
    url.searchParams.delete("code_challenge");
    url.searchParams.delete("code_challenge_method");
    const noPkce = await new Browser().open(url.href, broker.callback);
    expect(new URL(noPkce.stopped ?? "http://none/").searchParams.get("error")).toBe("invalid_request");
    const elsewhere = start.url.replace(encodeURIComponent("/login/callback"), encodeURIComponent("/login/callback/x"));
    expect((await new Browser().open(elsewhere)).status).toBe(400);
  });
});

describe("a whole realm", () => {
  const lease = { ...deps, holder: "a test" };

  it("that we made goes with everything in it, when exactly what is foreign in it was confirmed", async () => {
    const wanted = spec((t) => t.replace("realm: scs", "realm: scs-whole"));
    await bring(wanted);
    const contents = () => contentsOfRealm(connection, "scs-whole", deps);
    expect(await contents()).toEqual({ ours: true, people: 0, strangers: 0, clients: [], foreign: 0 });
    const remove = (confirmed: number) => removeRealm(connection, "scs-whole", { ...deps, confirmed, lease });
    await admin.call("POST", "/scs-whole/users", { username: "stranger", email: "s@x.example", enabled: true });
    await admin.call("POST", "/scs-whole/users", {
      ...{ username: "brokered", email: "b@x.example", enabled: true },
      federatedIdentities: [{ identityProvider: "customer-a-idp", userId: "1", userName: "brokered" }],
    });
    await admin.call("POST", "/scs-whole/clients", { clientId: "by-hand" });
    expect(await contents()).toEqual({ ours: true, people: 2, strangers: 1, clients: ["by-hand"], foreign: 2 });
    expect(await remove(0)).toEqual({ outcome: "moved" });
    expect(await remove(2)).toEqual({ outcome: "removed" });
    expect(await contents()).toBeUndefined();
  });

  it("that somebody else made stays, whatever was confirmed", async () => {
    await admin.call("POST", "", { realm: "theirs", enabled: true });
    expect(await contentsOfRealm(connection, "theirs", deps)).toMatchObject({ ours: false });
    expect(await removeRealm(connection, "theirs", { ...deps, confirmed: 0, lease })).toEqual({ outcome: "moved" });
    expect(await admin.get("/theirs")).toMatchObject({ realm: "theirs" });
    await admin.call("DELETE", "/theirs");
  });
});

describe("a Keycloak that does not answer", () => {
  it("is a fault that names it and what was being done, without the password", async () => {
    const nobody = { ...connection, url: "http://127.0.0.1:9" };
    await expect(planRealm(spec(), nobody, deps)).rejects.toThrow(
      /^keycloak: log in to realm master failed: it could not be reached/,
    );
    const wrong = {
      ...connection,
      credentials: { kind: "password", username: "admin", password: new Secret("wrong") },
    } as const;
    await expect(planRealm(spec(), wrong, deps)).rejects.toThrow(/the account was refused/);
  });
});
