import { describe, expect, it } from "vitest";
import { realmKinds } from "../../../src/realms/driver.ts";
import { clientKind } from "../../../src/realms/kinds/client.ts";
import { configuredByPolicies } from "../../../src/realms/kinds/configured-client.ts";
import { type Observed, type PlainMap, planFrom, type Resource } from "../../../src/reconcile/index.ts";

const executor = (name: string, auto: boolean) => ({ executor: name, configuration: { "auto-configure": auto } });
const realmWith = (profiles: readonly string[], enabled = true) => ({
  clientProfiles: {
    profiles: [
      {
        name: "strict",
        executors: [
          executor("pkce-enforcer", true),
          executor("consent-required", false),
          executor("constructor", true),
        ],
      },
      { name: "unused", executors: [executor("full-scope-disabled", true)] },
    ],
  },
  clientPolicies: { policies: [{ name: "all", enabled, conditions: [], profiles }] },
});

describe("what client policies write into clients", () => {
  it("is known by the executors of profiles that are in use and configure by themselves", () => {
    expect([...configuredByPolicies(realmWith(["strict"]))]).toEqual(["attributes.pkce.code.challenge.method"]);
    expect(configuredByPolicies(realmWith(["strict"], false)).size).toBe(0);
    expect(configuredByPolicies(realmWith([])).size).toBe(0);
    expect(configuredByPolicies({}).size).toBe(0);
  });

  it("may be anything with a profile of Keycloak's own, of which it does not tell", () => {
    const any = configuredByPolicies(realmWith(["fapi-1-baseline"]));
    for (const field of ["fullScopeAllowed", "consentRequired", "attributes.pkce.code.challenge.method"]) {
      expect(any).toContain(field);
    }
  });

  it("stays where the file does not say it; all else goes back", () => {
    const fields: PlainMap = {
      ...{ protocol: "openid-connect", fullScopeAllowed: false, consentRequired: true },
      attributes: { "pkce.code.challenge.method": "S256", "by.hand": "x" },
    };
    const remote = { id: "1", configured: configuredByPolicies(realmWith(["strict"])) };
    const observed: Observed = { kind: "client", key: "app", fields, owned: true, remote };
    const unsaid = clientKind.rule.unsaid?.(observed, { protocol: "openid-connect" }) ?? {};
    expect(unsaid).toMatchObject({ fullScopeAllowed: true, consentRequired: false, attributes: { "by.hand": null } });
    expect(unsaid["attributes"]).not.toHaveProperty(["pkce.code.challenge.method"]);
  });
});

describe("client policies and the clients that they bind", () => {
  const planner = { name: "test", kinds: realmKinds };
  const policy: Resource = { kind: "client-policy", key: "p", fields: { enabled: true, profiles: ["s"] } };
  const profile: Resource = { kind: "client-profile", key: "s", fields: { executors: [] } };
  const client: Resource = { kind: "client", key: "app", fields: { enabled: true } };
  const order = (desired: readonly Resource[], observed: readonly Observed[]) =>
    planFrom(planner, desired, observed).steps.map((step) => `${step.action} ${step.kind}`);
  const ours = (resource: Resource): Observed => ({ ...resource, owned: true });

  it("bind after the clients are made, which Keycloak would refuse otherwise", () => {
    expect(order([policy, profile, client], [])).toEqual([
      "create client",
      "create client-profile",
      "create client-policy",
    ]);
  });

  it("are loosened before: a policy that goes or is switched off, and then its profile", () => {
    expect(order([client], [ours(policy), ours(profile)])).toEqual([
      ...["delete client-policy", "delete client-profile", "create client"],
    ]);
    const off = { ...policy, fields: { ...policy.fields, enabled: false } };
    expect(order([off, profile, client], [ours(policy), ours(profile)])).toEqual([
      ...["update client-policy", "create client"],
    ]);
  });
});
