import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { instant } from "../../../src/core/index.ts";
import { describeRealm } from "../../../src/realms/import.ts";
import { roleKey } from "../../../src/realms/role-name.ts";
import type { Key, Observed, PlainMap } from "../../../src/reconcile/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { loadTexts } from "./kit.ts";

const thing = (kind: string, key: Key, fields: PlainMap = {}): Observed => ({ kind, key, fields, owned: false });
const realm = (fields: PlainMap = {}) => thing("realm", "r", { realm: "r", enabled: true, ...fields });
const mask = "**********";

/** The file of a realm with these things, beside a new one with those; which the loader must take. */
function fileOf(there: readonly Observed[], baseline: readonly Observed[] = []) {
  const imported = describeRealm("r", there, baseline, { now: () => instant(0) });
  const env = Object.fromEntries(imported.secrets.map((name) => [name, "a secret"]));
  const loaded = loadTexts([imported.text], env);
  expect(loaded.ok ? "" : loaded.refusal.map(formatProblem).join("\n"), imported.text).toBe("");
  return imported;
}

const lines = (text: string): string[] => text.split("\n").map((line) => line.trim());

describe("an imported file", () => {
  it("says what was emptied that a new realm has", () => {
    const fresh = realm({
      eventsListeners: ["jboss-logging"],
      browserSecurityHeaders: { xFrameOptions: "SAMEORIGIN" },
    });
    const { text } = fileOf([realm({ eventsListeners: [], browserSecurityHeaders: { xFrameOptions: "" } })], [fresh]);
    expect(lines(text)).toEqual(expect.arrayContaining(["eventsListeners: []", 'xFrameOptions: ""']));
  });

  it("says of which kinds a realm's credentials are, and takes that for no secret", () => {
    const fresh = realm({ requiredCredentials: ["password"] });
    const { text, secrets } = fileOf([realm({ requiredCredentials: ["otp", "password"] })], [fresh]);
    expect(text).toMatch(/requiredCredentials:\n +- otp\n +- password\n/);
    expect(secrets).toEqual([]);
  });

  it("says an empty text in a map of the realm, which is kept, and not what follows from a setting", () => {
    const smtpServer = { host: "m.example", from: "a@m.example", fromDisplayName: "" };
    const follows = { otpSupportedApplications: ["totpAppGoogleName"] };
    const { text } = fileOf([realm({ attributes: { mine: "" }, smtpServer, ...follows })]);
    expect(lines(text)).toEqual(expect.arrayContaining(['mine: ""', 'fromDisplayName: ""']));
    expect(text).not.toContain("otpSupported");
  });

  it("says that a SAML client has no keys, where Keycloak would make them", () => {
    const saml = (signs: string) => ({
      clientId: signs,
      protocol: "saml",
      attributes: { "saml.client.signature": signs },
    });
    const { text } = fileOf([realm(), thing("client", "true", saml("true")), thing("client", "false", saml("false"))]);
    expect(lines(text).filter((line) => line === "saml.signing.private.key: null")).toHaveLength(1);
    expect(lines(text).filter((line) => line === "saml.signing.certificate: null")).toHaveLength(1);
  });

  it("notes an account that lacks what everybody has, which no file takes from one", () => {
    const client = thing("client", "robot", { clientId: "robot", serviceAccountsEnabled: true });
    const held = (role: string) => thing("service-account-role", ["robot", ...roleKey({ role })]);
    const all = [
      realm({ defaultRole: { name: "default-roles-r" } }),
      client,
      thing("service-account", "robot"),
      held("other"),
    ];
    expect(fileOf([...all, held("default-roles-r")]).notes).toEqual([]);
    expect(fileOf(all).notes).toEqual([
      expect.stringMatching(/account of client robot lacks the role default-roles-r:/),
    ]);
  });

  it("leaves out the login at a mail server that asks for none, with a note", () => {
    const smtpServer = { host: "m.example", from: "a@m.example", user: "us", password: mask };
    const { text, notes, secrets } = fileOf([realm({ smtpServer })]);
    expect(text).not.toMatch(/^ *(user|password):/m);
    expect(notes.join()).toMatch(/who logs in at the mail server/);
    expect(secrets).toEqual([]);
  });

  it("says no time that Keycloak writes by itself, and goes on writing", () => {
    const ldap: Key = ["UserStorageProvider", { path: ["ldap"] }];
    const config = { vendor: ["other"], lastSync: ["1700000000"] };
    const rotated = { "client.secret.rotated": "before", "client.secret.rotated.expiration.time": "2" };
    const times = { "client.secret.creation.time": "1", "client.secret.expiration.time": "3", ...rotated };
    const registeredNodes = { "node-1": 1700000000 };
    const attributes = { ...times, "their.own": "x" };
    const shop = { clientId: "shop", protocol: "openid-connect", registeredNodes, attributes };
    const { text, secrets, notes } = fileOf([
      realm(),
      thing("component", ldap, { providerId: "ldap", config }),
      thing("client", "shop", shop),
    ]);
    expect(text).toContain("their.own");
    expect(text).toContain("vendor");
    expect(text).not.toMatch(/lastSync|client\.secret|registeredNodes/);
    expect({ secrets, notes }).toEqual({ secrets: [], notes: [] });
  });

  it("says organizations that are on without any, as the realm beside it has them, too", () => {
    const on = realm({ organizationsEnabled: true });
    expect(lines(fileOf([on], [on]).text)).toContain("organizations: true");
  });

  it("says which domains of an organization are verified, and where its people go", () => {
    const domains = [
      { name: "b.example", verified: true },
      { name: "a.example", verified: false },
    ];
    const { text } = fileOf([
      realm(),
      thing("organization", "o", { name: "O", domains, redirectUrl: "http://o.example" }),
    ]);
    expect(lines(text)).toEqual(
      expect.arrayContaining(["- a.example", "- name: b.example", "verified: true", "redirectUrl: http://o.example"]),
    );
  });

  it("says how people of an organization are led to each of its identity providers", () => {
    const provider = (alias: string, domain: string, redirect: string) => {
      const config = { "kc.org.domain": domain, "kc.org.broker.redirect.mode.email-matches": redirect, clientId: "x" };
      return [
        thing("identity-provider", alias, { alias, providerId: "oidc", config }),
        thing("organization-upstream", ["o", alias], { domain, redirect }),
      ];
    };
    const { text, notes } = fileOf([
      realm(),
      thing("organization", "o", { name: "O", domains: [{ name: "a.example" }, { name: "b.example" }] }),
      ...[...provider("i", "ANY", "true"), ...provider("j", "b.example", "false")],
    ]);
    expect(lines(text)).toEqual(
      expect.arrayContaining(["login: i", "routes:", "j:", "domain: b.example", "redirect: false"]),
    );
    expect([text.includes("kc.org"), notes]).toEqual([false, []]);
  });

  it("says groups of an organization as a tree of its own", () => {
    const path = (...names: string[]) => ["o", { path: names, rooted: true }] as const;
    const roles = { realmRoles: ["seller"], clientRoles: ["account view-profile"] };
    const { text, notes } = fileOf([
      realm(),
      thing("realm-role", "seller"),
      thing("organization", "o", { name: "O" }),
      thing("organization-group", path("sales"), { name: "sales", ...roles, path: "/sales" }),
      thing("organization-group", path("sales", "a/b"), { description: "At night", attributes: { floor: ["1"] } }),
      thing("group", { path: ["sales"], rooted: true }, { name: "sales" }),
    ]);
    const file = parse(text) as Record<string, unknown>;
    const below = { "a/b": { attributes: { floor: ["1"] }, raw: { description: "At night" } } };
    const given = { realm: ["seller"], clients: { account: ["view-profile"] } };
    expect(file["organizations"]).toMatchObject([{ id: "o", groups: { sales: { roles: given, groups: below } } }]);
    expect(file["groups"]).toEqual({ sales: {} });
    expect(notes).toEqual([]);
  });

  it("says nothing of where people of an organization go, when nobody said it", () => {
    const { text, notes } = fileOf([realm(), thing("organization", "o", { name: "O" })]);
    expect([text.includes("redirectUrl"), notes]).toEqual([false, []]);
  });

  it("says attributes that are called as members of Keycloak's own are", () => {
    const attributes = { types: ["a"], composite: ["b"], path: ["c"], id: ["d"], access: ["e"] };
    const { text } = fileOf([realm(), thing("realm-role", "q", { id: "1", composite: false, attributes })]);
    for (const name of Object.keys(attributes)) expect(lines(text)).toContain(`${name}:`);
  });

  it("says languages while they are switched off", () => {
    const off = { internationalizationEnabled: false, supportedLocales: ["de"], defaultLocale: "de" };
    expect(lines(fileOf([realm(off)]).text)).toEqual(expect.arrayContaining(["enabled: false", "- de", "default: de"]));
  });

  it("says an empty name of an identity provider as it is", () => {
    const { text } = fileOf([
      realm(),
      thing("identity-provider", "i", { alias: "i", providerId: "oidc", displayName: "" }),
    ]);
    expect(lines(text)).toContain('displayName: ""');
  });

  it("says texts whatever they are called and say", () => {
    const texts = { composite: mask, "cloudpass.x": "y", empty: "" };
    const { text } = fileOf([realm(), thing("localization", "de", { texts })]);
    expect(lines(text)).toEqual(expect.arrayContaining([`composite: "${mask}"`, "cloudpass.x: y", 'empty: ""']));
  });

  it("says checks without settings, what is required of everybody, and the order of the profile", () => {
    const attribute = { required: {}, validations: { email: {} }, permissions: { view: [], edit: ["user"] } };
    const { text } = fileOf([
      realm(),
      thing("profile-builtin", "mail", { name: "mail", ...attribute }),
      thing("profile-order", "profile", { order: ["username", "mail"] }),
      thing("profile-settings", "profile", { groups: [{ name: "g", annotations: { icon: "x" } }] }),
    ]);
    expect(lines(text)).toEqual(expect.arrayContaining(["required: {}", "email: {}", "order:", "icon: x"]));
    expect(text).toMatch(/- username\n\s+- mail\n/);
  });

  it("says every attribute of a person, and what was taken away from one that every realm has", () => {
    const own = (more: PlainMap) => ({ name: "mail", permissions: { view: ["user"], edit: [] }, ...more });
    const { text, notes } = fileOf(
      [
        realm(),
        thing("profile-builtin", "mail", own({ validations: { email: {} } })),
        thing("profile-attribute", "types", { name: "types", displayName: "T" }),
      ],
      [
        thing(
          "profile-builtin",
          "mail",
          own({ required: { roles: ["user"] }, validations: { email: {}, length: {} } }),
        ),
      ],
    );
    expect(lines(text)).toEqual(
      expect.arrayContaining(["types:", "displayName: T", "required: false", "email: {}", "length: null"]),
    );
    expect(notes).toEqual([]);
  });

  it("takes away what was taken out of a mapper that every realm has", () => {
    const mapper = (config: PlainMap) =>
      thing("client-scope-mapper", ["s", "m"], {
        protocol: "openid-connect",
        protocolMapper: "oidc-sub-mapper",
        config,
      });
    const scope = thing("client-scope", "s", { name: "s", protocol: "openid-connect" });
    const { text } = fileOf([realm(), scope, mapper({ a: "1" })], [scope, mapper({ a: "1", b: "2" })]);
    expect(lines(text)).toEqual(expect.arrayContaining(['a: "1"', "b: null"]));
  });

  it("says what Keycloak gives everybody and this realm does not, where there is such a role", () => {
    const held = (...composites: string[]) =>
      thing("realm-role", "default-roles-r", { name: "default-roles-r", composites });
    const role = thing("client-role", ["account", "manage-account"], { name: "manage-account" });
    const { text, notes } = fileOf(
      [realm(), held(), role],
      [held("account manage-account", "realm offline_access"), role],
    );
    expect(text).toMatch(/nobody:\n\s+clients:\n\s+account:\n\s+- manage-account\n/);
    expect([text.includes("offline_access:"), notes]).toEqual([false, []]);
  });

  it("says the form of a flow, what is within it, and changed flows of Keycloak's own", () => {
    const step = { does: "registration-user-creation", requirement: "REQUIRED" };
    const form = { type: "form-flow", provider: "registration-page-form", description: "d", steps: [step] };
    const steps = [{ flow: "f form", requirement: "REQUIRED", ...form }];
    const browser = (requirement: string) => [
      thing("authentication-flow", "browser", {
        providerId: "basic-flow",
        steps: [{ does: "auth-cookie", requirement }],
      }),
      thing("builtin-flow", "browser", { providerId: "basic-flow", steps: [{ does: "auth-cookie", requirement }] }),
    ];
    const { text, notes } = fileOf(
      [realm(), thing("authentication-flow", "f", { providerId: "basic-flow", steps }), ...browser("REQUIRED")],
      browser("ALTERNATIVE"),
    );
    expect(lines(text)).toEqual(expect.arrayContaining(["form: registration-page-form", "browser:"]));
    expect(notes).toEqual([]);
  });

  it("names what jars brought", () => {
    const { text } = fileOf([
      realm(),
      thing("authentication-flow", "f", {
        providerId: "basic-flow",
        steps: [{ does: "own-step", requirement: "REQUIRED" }],
      }),
      thing("client", "c", { clientId: "c", protocol: "openid-connect" }),
      thing("client-mapper", ["c", "m"], { protocol: "openid-connect", protocolMapper: "own-mapper", config: {} }),
      thing("required-action", "OWN", { alias: "OWN", name: "Own", enabled: true }),
    ]);
    for (const name of ["own-step", "own-mapper", "OWN"]) expect(text.split("extensions:")[1]).toContain(`- ${name}`);
  });

  it("says what was changed of a client that every realm has", () => {
    const own = (more: PlainMap) =>
      thing("client", "admin-cli", { clientId: "admin-cli", protocol: "openid-connect", enabled: true, ...more });
    const { text, notes } = fileOf(
      [realm(), own({ directAccessGrantsEnabled: true, description: "ours" })],
      [own({ directAccessGrantsEnabled: true })],
    );
    expect(lines(text)).toEqual(expect.arrayContaining(["admin-cli:", "passwordGrant: true", "description: ours"]));
    expect(notes).toEqual([]);
  });

  it("says which scopes were taken from such a client", () => {
    const there = [
      realm(),
      thing("client", "broker", { clientId: "broker", protocol: "openid-connect" }),
      thing("client-scope", "basic", { name: "basic", protocol: "openid-connect" }),
    ];
    const given = thing("client-scope-assignment", ["broker", "basic"], { assigned: "default" });
    const { text, notes } = fileOf(there, [...there, given]);
    expect(text).toMatch(/broker:[\s\S]*scopes:\n\s+none:\n\s+- basic\n/);
    expect(notes).toEqual([]);
  });

  it("says nothing of such a client because a scope that it was given is gone", () => {
    const own = (optionalClientScopes: readonly string[]) =>
      thing("client", "admin-cli", { clientId: "admin-cli", protocol: "openid-connect", optionalClientScopes });
    expect(fileOf([realm(), own([])], [own(["phone"])]).text).not.toContain("admin-cli");
  });

  it("says from when on tokens count, and what was changed of the role that everybody has", () => {
    const role = { name: "default-roles-r", description: "of all", composites: ["realm a"] };
    const { text, notes } = fileOf(
      [realm({ notBefore: 5 }), thing("realm-role", "a", {}), thing("realm-role", "default-roles-r", role)],
      [realm({ notBefore: 0 }), thing("realm-role", "default-roles-r", { ...role, description: "x", composites: [] })],
    );
    expect(lines(text)).toEqual(expect.arrayContaining(["notBefore: 5", "default-roles-r:", "description: of all"]));
    expect(text.match(/- a$/gm)).toHaveLength(1);
    expect(notes).toEqual([]);
  });

  it("has its entries in one order, in whichever Keycloak answered them", () => {
    const roles = ["b", "a", "c"].map((name) => thing("realm-role", name, { attributes: { y: ["1"], x: ["2"] } }));
    expect(fileOf([realm(), ...roles]).text).toBe(fileOf([...roles.reverse(), realm()]).text);
  });
});

describe("what a file cannot say", () => {
  it("is left out with its reason, and the rest stands", () => {
    const composite = (held: string) => ({ composites: [`realm ${held}`], description: "kept" });
    const { text, notes } = fileOf([
      realm(),
      thing("realm-role", "a", composite("b")),
      thing("realm-role", "b", composite("a")),
      thing("realm-role", "constructor", {}),
      thing("client", "__proto__", { clientId: "__proto__", protocol: "openid-connect" }),
      thing("realm-role", "fine", {}),
    ]);
    expect(notes).toEqual([
      "clients.__proto__: no file may hold this name",
      "roles.realm.constructor: no file may hold this name",
      "roles.realm.a.composites: the role contains itself: realm a → realm b → realm a",
    ]);
    for (const note of notes) expect(text).toContain(`# Not in this file: ${note}.`);
    expect(lines(text)).toEqual(expect.arrayContaining(["fine: {}", "description: kept"]));
  });

  it("is that a client is not there which Keycloak gives every realm and lets nobody delete; all else is said", () => {
    const fresh = [
      thing("client", "account-console"),
      thing("client-scope", "phone", { name: "phone" }),
      thing("client-scope-mapper", ["phone", "number"]),
      thing("client-scope", "profile", { name: "profile" }),
      thing("client-scope-mapper", ["profile", "gender"]),
      thing("required-action", "UPDATE_PROFILE"),
    ];
    const { notes, text } = fileOf([realm(), fresh[3] as Observed], fresh);
    expect(notes).toEqual(['that there is no client "account-console", which every new realm has']);
    expect(lines(text)).toEqual(
      expect.arrayContaining([
        ...["- /clientScopes/phone", "- /clientScopes/profile/mappers/gender", "- /requiredActions/UPDATE_PROFILE"],
      ]),
    );
  });

  it("is nowhere named as a role that somebody holds", () => {
    const { text, notes } = fileOf([
      realm(),
      thing("realm-role", "constructor", {}),
      thing("realm-role", "a", { description: "stays", composites: ["realm b", "realm constructor"] }),
      thing("realm-role", "b", {}),
      thing("group", { path: ["g"], rooted: true }, { realmRoles: ["constructor"], attributes: { x: ["1"] } }),
      thing("client", "__proto__", { clientId: "__proto__", protocol: "openid-connect" }),
      thing("client", "c", { clientId: "c", protocol: "openid-connect", serviceAccountsEnabled: true }),
      thing("service-account-role", ["c", "realm", "constructor"], {}),
      thing("service-account-role", ["c", "realm", "b"], {}),
    ]);
    expect(text.replace(/^#.*$/gm, "")).not.toMatch(/constructor|__proto__/);
    expect(notes.filter((note) => note.includes("names the role constructor"))).toHaveLength(3);
    expect(lines(text)).toEqual(expect.arrayContaining(["description: stays", "machineRoles:", "- b"]));
  });

  it("is what this Keycloak cannot make any more", () => {
    const step = (does: string) => ({ providerId: "basic-flow", steps: [{ does, requirement: "REQUIRED" }] });
    const mapper = (protocolMapper: string) => ({ protocol: "openid-connect", protocolMapper, config: {} });
    const there = [
      realm(),
      thing("authentication-flow", "old", step("auth-script-based")),
      thing("authentication-flow", "new", step("auth-cookie")),
      thing("client", "c", { clientId: "c", protocol: "openid-connect" }),
      thing("client-mapper", ["c", "old"], mapper("oidc-script-based")),
      thing("client-mapper", ["c", "new"], mapper("oidc-sub-mapper")),
    ];
    const providers = new Set(["auth-cookie", "oidc-sub-mapper"]);
    const { text, notes } = describeRealm("r", there, [], { now: () => instant(0) }, providers);
    expect([...notes].sort()).toEqual([
      'flow "old": this Keycloak has no "auth-script-based" any more, and makes no such step',
      'mapper "old" of c: this Keycloak has no "oidc-script-based" any more',
    ]);
    expect(lines(text).filter((line) => line === "new:")).toHaveLength(2);
    expect(text).not.toContain("extensions");
  });

  it("is what was changed of a client that Keycloak lets nobody change", () => {
    const own = (more: PlainMap) => thing("client", "realm-management", { clientId: "realm-management", ...more });
    const { text, notes } = fileOf([realm(), own({ description: "ours" })], [own({})]);
    expect(notes).toEqual(["what was changed of client realm-management, which Keycloak lets nobody change"]);
    expect(text.replace(/^#.*$/gm, "")).not.toContain("realm-management");
  });

  it("is a second component of one name", () => {
    const twin = thing("component", ["KeyProvider", { path: ["k"] }], { providerId: "hmac-generated" });
    const { notes } = fileOf([realm(), { ...twin, remote: { id: "1", raw: { twins: 2 } } }]);
    expect(notes).toEqual([expect.stringMatching(/^1 more of the components that are called KeyProvider k/)]);
  });

  it("begins no line of the document, whatever it is called", () => {
    const { text } = fileOf([realm()], [thing("required-action", "x\nbroker: {issuer: https://evil.example}")]);
    expect(text).not.toMatch(/^broker/m);
  });
});

describe("variables for secrets", () => {
  const client = (clientId: string, more: PlainMap = {}) => {
    const proof = { publicClient: false, clientAuthenticatorType: "client-secret" };
    return thing("client", clientId, { clientId, protocol: "openid-connect", ...proof, ...more });
  };

  it("are two where the names of two clients have the same letters, whichever was read first", () => {
    const [one, other] = [client("a-b"), client("a.b")];
    const { secrets, text } = fileOf([realm(), one, other]);
    expect(new Set(secrets).size).toBe(2);
    for (const name of secrets) expect(name).toMatch(/^R_A_B_CLIENT_SECRET_[0-9A-F]{8}$/);
    expect(fileOf([realm(), other, one]).text).toBe(text);
  });

  it("never come to mean another secret when a client is added", () => {
    const before = fileOf([realm(), client("a.b")]).text;
    const after = fileOf([realm(), client("a-b"), client("a.b")]).text;
    expect(before).toContain("env: R_A_B_CLIENT_SECRET\n");
    expect(after).not.toContain("env: R_A_B_CLIENT_SECRET\n");
  });

  it("are two where an attribute and a mapper of a client hold a secret of one name", () => {
    const { secrets } = fileOf([
      realm(),
      thing("realm-role", "x", { attributes: { password: ["one"] } }),
      thing("group", { path: ["x"], rooted: true }, { attributes: { password: ["two"] } }),
      client("x", { attributes: { password: "three" } }),
      thing("client-mapper", ["x", "password"], {
        ...{ protocol: "openid-connect", protocolMapper: "oidc-sub-mapper" },
        config: { password: "four" },
      }),
    ]);
    expect(new Set(secrets).size).toBe(5);
  });
});
