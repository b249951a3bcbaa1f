import { describe, expect, it } from "vitest";
import type { RealmAccess } from "../../../src/realms/access.ts";
import { withBrought } from "../../../src/realms/brought.ts";
import type { RealmSite, Remote, Sight } from "../../../src/realms/kinds/kind.ts";
import { realmKind } from "../../../src/realms/kinds/realm.ts";
import { requiredActionKind } from "../../../src/realms/kinds/texts.ts";
import { isKnownWhole } from "../../../src/realms/kinds/unsaid.ts";
import { organizationsOf } from "../../../src/realms/lists.ts";
import { realmBody } from "../../../src/realms/realm-put.ts";
import { formatKey, identityOf, type Observed, type PlainMap } from "../../../src/reconcile/index.ts";

const sight = (keycloakVersion: string | undefined, attributes: Record<string, string>): Sight =>
  ({ snapshot: { realm: { keycloakVersion, attributes } } }) as unknown as Sight;
const ours = { "cloudpass.owner": "cloudpass" };

/** What is sent to make a realm with these settings: at its creation, and when it is there. */
async function sentForNew(fields: PlainMap): Promise<readonly object[]> {
  const sent: object[] = [];
  const realms = { create: async (body: object) => void sent.push(body) };
  const at = {
    ...{ realm: "r", keycloak: { forgetToken: () => undefined } },
    create: (_: string, request: (client: object) => Promise<unknown>) => request({ realms }),
    stateStore: { settle: async (_: string, settings: object) => void sent.push(settings) },
  };
  await realmKind.create(at as unknown as RealmSite, { kind: "realm", key: "r", fields });
  return sent;
}

describe("a Keycloak of another release", () => {
  it("is asked for a new realm with nothing but what the file says: it may not know what this one knows", async () => {
    expect(await sentForNew({ displayName: "A", browserSecurityHeaders: { xFrameOptions: "DENY" } })).toEqual([
      { realm: "r", displayName: "A", browserSecurityHeaders: { xFrameOptions: "DENY" }, attributes: ours },
    ]);
  });

  it("is told what goes only all together when the realm is there, and with it what that release has", async () => {
    const policies = { otpPolicyDigits: 8, webAuthnPolicyRpEntityName: "acme", requiredCredentials: ["password"] };
    expect(await sentForNew({ displayName: "A", ...policies })).toEqual([
      { realm: "r", displayName: "A", attributes: ours },
      policies,
    ]);
  });

  it("keeps the security headers of a realm when something else of it is written", () => {
    const there = { browserSecurityHeaders: { xFrameOptions: "DENY", xRobotsTag: "none" }, attributes: {} };
    expect(realmBody(there, { displayName: "A" })["browserSecurityHeaders"]).toEqual(there.browserSecurityHeaders);
    const changed = realmBody(there, { browserSecurityHeaders: { xFrameOptions: "SAMEORIGIN" } });
    expect(changed["browserSecurityHeaders"]).toEqual({ xFrameOptions: "SAMEORIGIN", xRobotsTag: "none" });
  });

  it("is held against what a new realm of its own has, where that is known", () => {
    expect(isKnownWhole(sight("26.7.4", ours))).toBe(true);
    expect(isKnownWhole(sight("26.0.8", ours))).toBe(true);
    expect(isKnownWhole(sight("26.3.5", ours))).toBe(false);
    expect(isKnownWhole(sight("26.7.4", {}))).toBe(false);
  });
});

describe("what a file does not say of a realm", () => {
  const unsaid = (keycloakVersion: string, there: PlainMap) =>
    realmKind.rule.unsaid?.({ kind: "realm", key: "r", fields: { keycloakVersion, ...there }, owned: false }, {}) ?? {};

  it("is as a new realm of that release has it, and nothing is asked for that it does not answer", () => {
    const fresh = unsaid("26.0.8", { rememberMe: true, eventsExpiration: 3600 });
    expect(fresh).toMatchObject({
      ...{ rememberMe: false, eventsExpiration: 0, browserSecurityHeaders: { xXSSProtection: "1; mode=block" } },
      webAuthnPolicyPasswordlessUserVerificationRequirement: "not specified",
    });
    for (const name of ["webAuthnPolicyResidentKey", "adminPermissionsEnabled"]) expect(fresh).not.toHaveProperty(name);
    expect(unsaid("26.0.8", {})).not.toHaveProperty("eventsExpiration");
  });

  it("is as the table has it on the present release", () => {
    expect(unsaid("26.7.4", {})).toMatchObject({
      ...{ webAuthnPolicyResidentKey: "not specified", eventsExpiration: 0 },
      webAuthnPolicyPasswordlessUserVerificationRequirement: "required",
    });
  });

  it("is so of the places of required actions, too", () => {
    const priority = (version: string) => {
      const action = { kind: "required-action", key: "CONFIGURE_TOTP", fields: {}, owned: false, remote: { version } };
      return requiredActionKind.rule.unsaid?.(action, {})["priority"];
    };
    expect([priority("26.0.8"), priority("26.7.4")]).toEqual([10, 54]);
  });
});

describe("an organization that is listed without its attributes, and with them the mark that it is ours", () => {
  it("is read alone; one that is listed with them is not, nor one that went meanwhile", async () => {
    const asked: unknown[] = [];
    const organizations = {
      find: async () => [{ id: "1", alias: "a" }, { id: "2", alias: "b", attributes: {} }, { id: "3" }],
      findOne: async ({ id }: { id: string }) => {
        asked.push(id);
        return id === "3" ? undefined : { id, alias: "a", attributes: { of: ["x"] } };
      },
    };
    const at = {
      pages: (_: string, request: (client: object, page: object) => unknown) => request({ organizations }, {}),
      one: (_: string, request: (client: object, realm: string) => unknown) => request({ organizations }, "r"),
    };
    expect(await organizationsOf(at as unknown as RealmAccess)).toEqual([
      { id: "1", alias: "a", attributes: { of: ["x"] } },
      { id: "2", alias: "b", attributes: {} },
    ]);
    expect(asked).toEqual(["1", "3"]);
  });
});

describe("a client that gets an account of its own", () => {
  const robot = (serviceAccountsEnabled: boolean) =>
    ({ kind: "client", key: "robot", fields: { serviceAccountsEnabled } }) as const;
  const mappers = ["Client ID", "Client Host", "Client IP Address"];
  const asked = { all: [], asksWhose: () => false, isOurs: () => false };
  const realm = (keycloakVersion: string): Observed<Remote> => ({
    ...{ kind: "realm", key: "r", fields: { keycloakVersion }, owned: false },
  });

  it("gets mappers from Keycloak 26.0, which are known before, and from a later one none", async () => {
    const coming = async (version: string, ...there: Observed<Remote>[]) =>
      (await withBrought({} as RealmAccess, [realm(version), ...there], { ...asked, desired: [robot(true)] }))
        .filter(({ comesWith }) => comesWith !== undefined)
        .map(({ kind, key }) => [kind, key]);
    const known = mappers.map((name) => ["client-mapper", ["robot", name]]);
    expect(await coming("26.0.8")).toEqual(known);
    expect(await coming("26.0.8", { ...robot(false), owned: true })).toEqual(known);
    expect(await coming("26.0.8", { ...robot(true), owned: true })).toEqual([]);
    expect(await coming("26.7.4")).toEqual([]);
  });

  it("has them from Keycloak, so that a file that names one takes it over", async () => {
    const mapper = { kind: "client-mapper", key: ["robot", "Client ID"], fields: {}, owned: false };
    const there = [realm("26.0.8"), { ...robot(true), owned: true }, mapper];
    const seen = await withBrought({} as RealmAccess, there, { ...asked, desired: [robot(true)] });
    expect(seen.find(({ kind }) => kind === "client-mapper")?.builtin).toBe(true);
  });

  it("and something to guard has what Keycloak 26.0 opens by it in the plan, to go unless the file names it", async () => {
    const app = { kind: "client", key: "app", fields: { authorizationServicesEnabled: true } };
    const coming = async (version: string) =>
      (await withBrought({} as RealmAccess, [realm(version)], { ...asked, desired: [app] }))
        .filter(({ kind }) => kind === "authorization-policy" || kind === "authorization-resource")
        .map(({ key, owned, builtin, dependsOn = [] }) => [formatKey(key), owned, builtin, dependsOn.map(identityOf)]);
    expect(await coming("26.0.8")).toEqual([
      ["app Default Resource", true, undefined, []],
      ["app Default Policy", true, undefined, []],
      ["app Default Permission", true, undefined, ["authorization-policy app Default Policy"]],
    ]);
    expect(await coming("26.7.4")).toEqual([]);
  });
});
