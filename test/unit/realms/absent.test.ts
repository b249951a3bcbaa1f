import { describe, expect, it } from "vitest";
import { instant } from "../../../src/core/index.ts";
import { planningOf } from "../../../src/realms/desired/planning.ts";
import { pointedWhole, pointerTo } from "../../../src/realms/format/pointer.ts";
import { describeRealm } from "../../../src/realms/import.ts";
import { identityOf, type Observed } from "../../../src/reconcile/index.ts";
import { bare, loadTexts, problemsIn, realmOf } from "./kit.ts";

const pointers = [
  ...["/clients/security-admin-console/mappers/locale", "/clientScopes/address"],
  ...["/clientScopes/profile/mappers/zone~1info", "/roles/realm/uma_authorization"],
  ...["/roles/clients/account/delete-account", "/requiredActions/TERMS_AND_CONDITIONS", "/profile/attributes/lastName"],
  ...["/components/KeyProvider/rsa-generated", "/components/LDAPStorageMapper/people~1first name"],
  "/components/ClientRegistrationPolicy/anonymous~1Trusted Hosts",
];

describe("`absent` of a realm file", () => {
  it("names what must not be there, of every kind that Keycloak makes by itself and lets go", () => {
    const { absent = [] } = planningOf(realmOf(bare(`absent: ${JSON.stringify(pointers)}`)), instant(0));
    expect(absent.map(identityOf)).toEqual([
      ...["client-mapper security-admin-console locale", "client-scope address"],
      ...["client-scope-mapper profile zone/info", "realm-role uma_authorization"],
      ...["client-role account delete-account", "required-action TERMS_AND_CONDITIONS", "profile-builtin lastName"],
      ...["component KeyProvider rsa-generated", "component LDAPStorageMapper people/first name"],
      "component ClientRegistrationPolicy anonymous/Trusted Hosts",
    ]);
  });

  it("is written as it is read", () => {
    for (const pointer of pointers) {
      const it = pointedWhole(pointer, "x");
      expect(it && pointerTo(it), pointer).toBe(pointer);
    }
  });

  it.each(["/settings/displayName", "/groups/staff", "/organizations/acme", "/upstreams/idp", "/clients/account"])(
    "does not take %s away: nothing that Keycloak makes by itself",
    (at) => {
      const [problem] = problemsIn(bare(`absent: [${at}]`));
      expect(problem?.message).toBe(`"${at}" points to nothing that can be taken away`);
    },
  );

  it("refuses the attributes without which Keycloak takes no profile", () => {
    expect(problemsIn(bare("absent: [/profile/attributes/email]"))).toHaveLength(1);
  });

  it("and the same described is a problem with its place", () => {
    const [problem] = problemsIn(bare("clientScopes: {team: {}}\nabsent:\n  - /clientScopes/team\n"));
    expect(problem).toMatchObject({ line: 5, message: '"/clientScopes/team" is described in the same file' });
  });
});

describe("an imported realm", () => {
  const one = (kind: string, key: Observed["key"], fields: Observed["fields"] = {}): Observed => ({
    ...{ kind, key, fields, owned: false },
  });
  const baseline = [
    ...[one("realm", "x"), one("client", "account"), one("client", "broker"), one("client-role", ["broker", "read"])],
    ...[one("client-role", ["account", "view"]), one("client-scope", "phone"), one("required-action", "TERMS")],
    one("client-scope-mapper", ["phone", "number"]),
  ];
  const directory = one("component", ["UserStorageProvider", { path: ["a/b"] }], { providerId: "ldap" });

  it("says what of Keycloak's own is not there; of what is gone itself nothing more", () => {
    const there = [one("realm", "x"), one("client", "account"), directory];
    const { text } = describeRealm("x", there, baseline, { now: () => instant(0) });
    const loaded = loadTexts([text]);
    expect(loaded, text).toMatchObject({ ok: true });
    const [spec] = loaded.ok ? loaded.value : [];
    expect(spec?.absent).toEqual([
      ...["/clientScopes/phone"],
      '/components/LDAPStorageMapper/"a~1b"~1Kerberos principal attribute mapper',
      ...["creation date", "email", "first name", "last name", "modify date", "username"].map(
        (name) => `/components/LDAPStorageMapper/"a~1b"~1${name}`,
      ),
      ...["/requiredActions/TERMS", "/roles/clients/account/view"],
    ]);
  });

  it("that lacks nothing says nothing of it", () => {
    expect(describeRealm("x", baseline, baseline, { now: () => instant(0) }).text).not.toContain("absent");
  });
});
