import { beforeAll, describe, expect, inject, it } from "vitest";
import { instant } from "../../../src/core/index.ts";
import type { Keycloak } from "../../../src/realms/connection.ts";
import { formatPlan, type PlainMap, type Resource } from "../../../src/reconcile/index.ts";
import { reached } from "../own-keycloak.ts";
import { connectTo, siteOf } from "./site.ts";

const server = reached(inject("keycloak"));
let keycloak: Keycloak;

beforeAll(async () => {
  keycloak = connectTo(server.rig);
});

const realmOf = (key: string, fields: PlainMap = {}): Resource => ({ kind: "realm", key, fields });
const client = (key: string, fields: PlainMap = {}): Resource => ({ kind: "client", key, fields });
const ldap = (name: string, config: PlainMap, providerId = "ldap"): Resource => ({
  kind: "component",
  key: ["UserStorageProvider", { path: [name] }],
  fields: {
    providerId,
    config: {
      ...{ enabled: ["false"], connectionUrl: ["ldap://127.0.0.1:1"], usersDn: ["ou=p"], authType: ["none"] },
      ...{ usernameLDAPAttribute: ["uid"], rdnLDAPAttribute: ["uid"], uuidLDAPAttribute: ["entryUUID"] },
      ...{ userObjectClasses: ["inetOrgPerson"], editMode: ["READ_ONLY"], ...config },
    },
  },
});
const mapperOf = (people: string, name: string, config: PlainMap, providerId = "user-attribute-ldap-mapper") => ({
  kind: "component",
  key: ["LDAPStorageMapper", { path: [people, name] }] as const,
  fields: { providerId, config, parent: `UserStorageProvider ${people}` },
  dependsOn: [{ kind: "component", key: ["UserStorageProvider", { path: [people] }] as const }],
});
const mappersIn = async (realm: string) =>
  (await server.admin.list(`/${realm}/components`)).filter((one) =>
    String(one["providerType"]).endsWith(".LDAPStorageMapper"),
  );
const stepsOf = (plan: Parameters<typeof formatPlan>[0]) =>
  plan.steps.map(({ action, kind, key }) => `${action} ${kind} ${key}`);

/** What Keycloak makes by itself, as a file that describes a whole realm names it. */
const own = (realm: string): readonly Resource[] => [
  { kind: "client-scope", key: "acr", fields: { protocol: "openid-connect", description: "mine" } },
  { kind: "client-scope", key: "email", fields: { protocol: "openid-connect" } },
  { kind: "client-scope-mapper", key: ["profile", "nickname"], fields: { config: { "user.attribute": "email" } } },
  { kind: "default-client-scope", key: "phone", fields: { assigned: "default" } },
  { kind: "realm-role", key: "offline_access", fields: { description: "Off" } },
  { kind: "realm-role", key: `default-roles-${realm.toLowerCase()}`, fields: { description: "Everybody" } },
  { kind: "client-role", key: ["account", "view-profile"], fields: { description: "See" } },
  { ...client("account", { description: "Mine" }) },
  { kind: "client-mapper", key: ["security-admin-console", "locale"], fields: { config: { "claim.name": "tongue" } } },
  { kind: "client-scope-assignment", key: ["account", "phone"], fields: { assigned: "default" } },
  { kind: "component", key: ["KeyProvider", { path: ["rsa-generated"] }], fields: { config: { priority: ["7"] } } },
  { kind: "required-action", key: "TERMS_AND_CONDITIONS", fields: { enabled: true } },
  { kind: "profile-builtin", key: "email", fields: { displayName: "Mail" } },
  { kind: "flow-bindings", key: realm, fields: { browserFlow: "direct grant" } },
];

describe("a realm that is not there, and a file that names what Keycloak makes by itself", () => {
  it("is made by one apply, and the plan has said what becomes of Keycloak's own", async () => {
    const { bring, plan } = siteOf(keycloak, "Whole");
    const wanted = [realmOf("Whole"), ...own("Whole")];
    const made = await bring(wanted);
    expect(formatPlan(made)).toContain("1 to create, 5 to change, 8 to take over, 1 unchanged");
    expect(made.steps.filter((s) => s.action === "create").map((s) => s.kind)).toEqual(["realm"]);
    expect(formatPlan(made)).toContain('config.user.attribute: "nickname" → "email"');
    expect((await plan(wanted)).steps).toEqual([]);
  });

  it("whose features bring more, which is in the plan, too; also where they are switched on later", async () => {
    // Keycloak lets nobody change it; what is there must not be made.
    const permissions = client("admin-permissions", { enabled: true });
    const on = { adminPermissionsEnabled: true };
    const first = await siteOf(keycloak, "featured").bring([realmOf("featured", on), permissions]);
    expect([stepsOf(first), first.unchanged]).toEqual([["create realm featured"], 1]);
    await siteOf(keycloak, "later").bring([realmOf("later")]);
    const then = await siteOf(keycloak, "later").bring([realmOf("later", on), permissions]);
    expect([stepsOf(then), then.unchanged]).toEqual([["update realm later"], 1]);
  });

  it("and that takes some of it away: it does not come back", async () => {
    const absent = [
      ...["address", "phone"].map((key) => ({ kind: "client-scope", key })),
      { kind: "client-scope-mapper", key: ["profile", "nickname"] as const },
      { kind: "realm-role", key: "uma_authorization" },
      { kind: "required-action", key: "TERMS_AND_CONDITIONS" },
      { kind: "component", key: ["KeyProvider", { path: ["hmac-generated-hs512"] }] as const },
    ];
    const site = siteOf(keycloak, "less", { now: instant(0), absent });
    const made = await site.bring([realmOf("less")]);
    expect(stepsOf(made)).toHaveLength(1 + absent.length);
    expect((await site.plan([realmOf("less")])).steps).toEqual([]);
    const scopes = (await server.admin.list("/less/client-scopes")).map((s) => s["name"]);
    expect(scopes).toContain("email");
    expect(scopes).not.toContain("address");
    const actions = await server.admin.list("/less/authentication/required-actions");
    expect(actions.map((a) => a["alias"])).not.toContain("TERMS_AND_CONDITIONS");
  });

  it("that is there, and whose own is changed without a word about whose it is: nobody's, so taken over", async () => {
    await siteOf(keycloak, "there").bring([realmOf("there")]);
    await server.admin.call("POST", "/there/client-scopes", { name: "theirs", protocol: "openid-connect" });
    const site = siteOf(keycloak, "there");
    await site.bring([realmOf("there"), ...own("there")]);
    const theirs = { kind: "client-scope", key: "theirs", fields: { description: "ours" } };
    const { conflicts } = await site.plan([realmOf("there"), theirs]);
    expect(conflicts.map(({ key }) => key)).toEqual(["theirs"]);
  });

  it("is asked for by a scratch realm once: not again for what only our records tell to be ours", async () => {
    const doings: string[] = [];
    const watched: Keycloak = {
      ...keycloak,
      call: (doing, manner, request) => {
        doings.push(doing);
        return keycloak.call(doing, manner, request);
      },
    };
    const wanted: Resource[] = [
      realmOf("recorded"),
      { kind: "component", key: ["KeyProvider", { path: ["own"] }], fields: { providerId: "aes-generated" } },
      { kind: "client-profile", key: "own", fields: { executors: [] } },
    ];
    await siteOf(keycloak, "recorded").bring(wanted);
    expect((await siteOf(watched, "recorded").plan(wanted)).steps).toEqual([]);
    expect(doings.filter((doing) => doing.includes("scratch"))).toEqual([]);
    expect(doings.length).toBeGreaterThan(3);
  });
});

describe("a directory", () => {
  it.each(["other", "ad", "rhds", "edirectory", "tivoli"])(
    "of the vendor %s comes with the mappers that the plan knows",
    async (vendor) => {
      const realm = `directory-${vendor}`;
      const { bring, plan } = siteOf(keycloak, realm);
      await bring([realmOf(realm), ldap("people", { vendor: [vendor] })]);
      const found = await mappersIn(realm);
      const names = found.map((one) => String(one["name"]));
      // Each is Keycloak's: it could be taken over, and one of another name would have to be made.
      const wanted = [...names, "another"].map((name) =>
        mapperOf("folk", name, { a: ["b"] }, "hardcoded-ldap-role-mapper"),
      );
      const planned = await plan([realmOf(realm), ldap("folk", { vendor: [vendor] }), ...wanted]);
      const replaced = planned.steps.filter((s) => s.replaced && s.action === "delete");
      expect(names.length).toBeGreaterThan(6);
      expect(replaced.map(({ key }) => key).sort()).toEqual(
        names.map((name) => `LDAPStorageMapper folk/${name}`).sort(),
      );
    },
  );

  it("has its mappers changed, replaced by others of their names, or taken away, in one apply", async () => {
    const absent = [{ kind: "component", key: ["LDAPStorageMapper", { path: ["people", "last name"] }] as const }];
    const site = siteOf(keycloak, "mapped", { now: instant(0), absent });
    const date = { "ldap.attribute": ["created"] };
    const whole = { "ldap.full.name.attribute": ["cn"], "read.only": ["true"], "write.only": ["false"] };
    const wanted = [
      ...[realmOf("mapped"), ldap("people", { vendor: ["ad"] }), mapperOf("people", "creation date", date)],
      mapperOf("people", "first name", whole, "full-name-ldap-mapper"),
      mapperOf("people", "phone", { "user.model.attribute": ["phone"], "ldap.attribute": ["phone"] }),
    ];
    const made = await site.bring(wanted);
    expect(
      made.steps.some(({ confirm }) => confirm),
      formatPlan(made),
    ).toBe(false);
    expect((await site.plan(wanted)).steps).toEqual([]);
    const found = await mappersIn("mapped");
    expect(found.map((one) => [one["name"], one["providerId"]]).sort()).toEqual([
      ["Kerberos principal attribute mapper", "kerberos-principal-attribute-mapper"],
      ["MSAD account controls", "msad-user-account-control-mapper"],
      ["creation date", "user-attribute-ldap-mapper"],
      ["email", "user-attribute-ldap-mapper"],
      ["first name", "full-name-ldap-mapper"],
      ["modify date", "user-attribute-ldap-mapper"],
      ["phone", "user-attribute-ldap-mapper"],
      ["username", "user-attribute-ldap-mapper"],
    ]);
  });
});

describe("a client", () => {
  const guarded = { serviceAccountsEnabled: true, authorizationServicesEnabled: true };
  const parts = (of: string): Resource[] => [
    { kind: "client-role", key: [of, "uma_protection"], fields: { description: "guards" } },
    { kind: "service-account-role", key: [of, of, "uma_protection"], fields: {} },
    { kind: "client-scope-assignment", key: [of, "service_account"], fields: { assigned: "default" } },
    { kind: "client-scope-assignment", key: [of, "email"], fields: { assigned: "optional" } },
    { kind: "client-scope-assignment", key: [of, "phone"], fields: { assigned: "optional" } },
  ];

  it("comes with scopes, and with the role that guards resources: they are changed, not made", async () => {
    const { bring, plan } = siteOf(keycloak, "guarding");
    const wanted = [realmOf("guarding"), client("app", guarded), ...parts("app")];
    const made = await bring(wanted);
    expect(stepsOf(made)).toEqual([
      ...["create realm guarding", "create client app", "adopt client-role app uma_protection"],
      "update client-scope-assignment app email",
    ]);
    expect((await plan(wanted)).steps).toEqual([]);
  });

  it("that is there gets them when it gets an account, or something to guard", async () => {
    const { bring, plan } = siteOf(keycloak, "grown");
    await bring([realmOf("grown"), client("app")]);
    const wanted = [realmOf("grown"), client("app", guarded), ...parts("app")];
    const made = await bring(wanted);
    expect(stepsOf(made)).toEqual([
      ...["update client app", "adopt client-role app uma_protection", "update client-scope-assignment app email"],
    ]);
    expect((await plan(wanted)).steps).toEqual([]);
  });

  it("gets the scopes that the same file gives to every client", async () => {
    const { bring, plan } = siteOf(keycloak, "given");
    const team: Resource[] = [
      { kind: "client-scope", key: "team", fields: { protocol: "openid-connect" } },
      {
        ...{ kind: "default-client-scope", key: "team", fields: { assigned: "optional" } },
        dependsOn: [{ kind: "client-scope", key: "team" }],
      },
    ];
    const after = [{ kind: "default-client-scope", key: "team" }];
    const wanted = [
      realmOf("given"),
      ...team,
      { ...client("a"), dependsOn: after },
      client("saml", { protocol: "saml" }),
    ];
    const has: Resource = { kind: "client-scope-assignment", key: ["a", "team"], fields: { assigned: "optional" } };
    expect(stepsOf(await bring([...wanted, has]))).not.toContain("create client-scope-assignment a team");
    expect((await plan([...wanted, has])).steps).toEqual([]);
    const [saml] = await server.admin.list("/given/clients?clientId=saml");
    expect(saml?.["defaultClientScopes"]).toEqual(expect.arrayContaining(["role_list"]));
  });

  it("never has a scope that its file denies it or gives only when asked for, not even while it is made", async () => {
    const seen = new Set<string>();
    const watched: Keycloak = {
      ...keycloak,
      call: async (doing, manner, request) => {
        const answer = await keycloak.call(doing, manner, request);
        const [app] = manner === "read" ? [] : await server.admin.list("/denied/clients?clientId=app");
        for (const scope of (app?.["defaultClientScopes"] ?? []) as readonly string[]) seen.add(`always ${scope}`);
        for (const scope of (app?.["optionalClientScopes"] ?? []) as readonly string[]) seen.add(`asked for ${scope}`);
        return answer;
      },
    };
    await server.admin.call("POST", "", { realm: "denied" });
    const app = client("app", { protocol: "openid-connect" });
    const assigned = (scope: string, how: string): Resource => ({
      ...{ kind: "client-scope-assignment", key: ["app", scope] as const, fields: { assigned: how }, dependsOn: [app] },
    });
    const absent = [{ kind: "client-scope-assignment", key: ["app", "profile"] as const }];
    const wanted = [app, assigned("email", "optional"), assigned("phone", "default")];
    const site = siteOf(watched, "denied", { now: instant(0), absent });
    await site.bring(wanted);
    expect(seen).not.toContain("always profile");
    expect(seen).not.toContain("asked for profile");
    expect(seen).not.toContain("always email");
    expect([...seen]).toEqual(expect.arrayContaining(["always roles", "asked for email", "always phone"]));
    expect((await site.plan(wanted)).steps).toEqual([]);
  });
});
