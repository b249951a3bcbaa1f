import { describe, expect, it } from "vitest";
import { scopesOfNewClients, withScopesOfClients, withScopesOfRealm } from "../../../src/realms/client-scopes.ts";
import type { RealmState } from "../../../src/realms/state.ts";
import { formatKey, type Identity, identityOf, type Observed, type Resource } from "../../../src/reconcile/index.ts";

const none: RealmState["ownership"] = { entries: [], intents: [] };
const client = (owned: boolean, fields: Resource["fields"] = {}): Observed => ({
  ...{ kind: "client", key: "app", fields: { protocol: "openid-connect", ...fields }, owned },
});
const wanted: Resource = { kind: "client", key: "app", fields: {} };
const scope = (key: string, protocol = "openid-connect"): Observed => ({
  ...{ kind: "client-scope", key, fields: { protocol }, owned: false },
});
const given = (key: string, assigned = "default"): Observed => ({
  ...{ kind: "default-client-scope", key, fields: { assigned }, owned: false },
});
const had = (key: string, assigned = "default"): Observed => ({
  ...{ kind: "client-scope-assignment", key: ["app", key], fields: { assigned }, owned: false },
});
const not = (kind: string, key: Identity["key"]): Identity => ({ kind, key });

const ground = (observed: readonly Observed[], more: Partial<Parameters<typeof withScopesOfRealm>[0]> = {}) => ({
  ...{ desired: [wanted], absent: [], ownership: none, observed },
  ...more,
});
const ours = (at: ReturnType<typeof ground>) =>
  withScopesOfClients(at)
    .filter((o) => o.kind === "client-scope-assignment" && o.owned)
    .map((o) => `${formatKey(o.key)}${o.comesWith ? " to come" : ""}`);
const added = (at: ReturnType<typeof ground>) =>
  withScopesOfRealm(at)
    .filter((r) => r.kind === "client-scope-assignment")
    .map((r) => `${identityOf(r)} ${r.fields["assigned"]}`);

describe("the scopes of a client of ours", () => {
  it("are the realm's, and else the file's to say: what somebody added is ours to take", () => {
    const there = [client(true), given("email"), given("phone", "optional"), had("email"), had("team")];
    expect(ours(ground(there))).toEqual(["app team"]);
    // The realm gives it when asked for; here it is always there.
    expect(ours(ground([...there, had("phone")]))).toEqual(["app team", "app phone"]);
    expect(ours(ground([client(false), ...there.slice(1)]))).toEqual([]);
  });

  it("go with the realm's: taken out by the file, or ours and in the file no more", () => {
    const there = [client(true), given("email"), had("email")];
    expect(ours(ground(there, { absent: [not("default-client-scope", "email")] }))).toEqual(["app email"]);
    const entries = [{ kind: "default-client-scope", key: "email", how: "made" as const }];
    expect(ours(ground(there, { ownership: { entries, intents: [] } }))).toEqual(["app email"]);
  });

  it("come back when they are the realm's and of its protocol, unless the file denies them to it", () => {
    const there = [client(true), scope("email"), scope("role_list", "saml"), given("email"), given("role_list")];
    expect(added(ground(there))).toEqual(["client-scope-assignment app email default"]);
    expect(added(ground([...there, had("email", "optional")]))).toEqual(["client-scope-assignment app email default"]);
    expect(added(ground([...there, had("email")]))).toEqual([]);
    expect(added(ground(there, { absent: [not("client-scope-assignment", ["app", "email"])] }))).toEqual([]);
    expect(added(ground([client(false), ...there.slice(1)]))).toEqual([]);
    // Given back once by us, it is still wanted.
    const entries = [{ kind: "client-scope-assignment", key: "app email", how: "made" as const }];
    const ownership = { entries, intents: [] };
    expect(added(ground([...there, had("email")], { ownership }))).toEqual([
      "client-scope-assignment app email default",
    ]);
  });

  it("with an account of its own hold one more, which is nobody's", () => {
    const machine = client(true, { serviceAccountsEnabled: true });
    expect(ours(ground([machine, had("service_account")]))).toEqual([]);
    expect(added(ground([machine, scope("service_account")]))).toEqual([
      "client-scope-assignment app service_account default",
    ]);
    const off = { desired: [{ ...wanted, fields: { serviceAccountsEnabled: false } }] };
    expect(ours(ground([machine, had("service_account")], off))).toEqual(["app service_account"]);
  });

  it("that is not made yet: what the realm gives it by then and it shall not have is taken again", () => {
    const at = ground([given("email"), given("phone")], { absent: [not("default-client-scope", "phone")] });
    expect(ours(at)).toEqual(["app phone to come"]);
  });

  it("that is not made yet: what the realm gives it and it shall only have when asked is known before", () => {
    const optional: Resource = { ...had("email"), fields: { assigned: "optional" } };
    const absent = [not("client-scope-assignment", ["app", "profile"])];
    const there = [given("email"), given("profile", "optional"), given("roles")];
    const narrower = scopesOfNewClients(ground(there, { desired: [wanted, optional], absent }));
    expect([...narrower]).toEqual([["app", new Map(Object.entries({ email: "optional", profile: "none" }))]]);
    expect(scopesOfNewClients(ground([client(true), ...there], { absent })).size).toBe(0);
  });

  it("that is not made yet: what the file gives to all stands before it", () => {
    const team: Resource = { kind: "default-client-scope", key: "team", fields: { assigned: "default" } };
    const [made] = withScopesOfRealm(ground([], { desired: [wanted, team] }));
    expect(made?.dependsOn).toEqual([{ kind: "default-client-scope", key: "team" }]);
  });
});
