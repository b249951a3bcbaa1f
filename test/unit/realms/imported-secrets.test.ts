import { describe, expect, it } from "vitest";
import { instant } from "../../../src/core/index.ts";
import { describeRealm } from "../../../src/realms/import.ts";
import { kinds } from "../../../src/realms/kinds/index.ts";
import type { Key, Observed, PlainMap } from "../../../src/reconcile/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { loadTexts } from "./kit.ts";

const canary = "canary-of-a-secret";
const named = { "the.password": canary };
const openId = { protocol: "openid-connect" };

/** One object of each kind that has room for names of people's own or of Keycloak's, with a secret under such a name. */
const holders: readonly (readonly [kind: string, key: Key, fields: PlainMap])[] = [
  ["realm", "r", { realm: "r", attributes: named, smtpServer: named, browserSecurityHeaders: named }],
  ["profile-builtin", "mail", { name: "mail", annotations: named, validations: { own: named } }],
  ["realm-role", "a", { attributes: { password: [canary] } }],
  ["client-role", ["c", "a"], { attributes: { password: [canary] } }],
  ["group", { path: ["g"], rooted: true }, { attributes: { password: [canary] } }],
  ["group", { path: ["g", "h"], rooted: true }, { attributes: { password: [canary] } }],
  ["authentication-flow", "f", { providerId: "basic-flow", steps: [stepWith(named, "of f")] }],
  ["authentication-flow", "browser", { providerId: "basic-flow", steps: [stepWith(named)] }],
  ["builtin-flow", "browser", { providerId: "basic-flow", steps: [stepWith(named)] }],
  ["required-action", "CONFIGURE_TOTP", { alias: "CONFIGURE_TOTP", config: named }],
  ["component", ["KeyProvider", { path: ["k"] }], { providerId: "rsa", config: { password: [canary] } }],
  ["client-scope", "s", { ...openId, attributes: named }],
  ["client-scope-mapper", ["s", "m"], { ...openId, protocolMapper: "oidc-sub-mapper", config: named }],
  ["identity-provider", "i", { alias: "i", providerId: "oidc", config: named }],
  ["upstream-mapper", ["i", "m"], { identityProviderMapper: "oidc-username-idp-mapper", config: named }],
  ["organization", "o", { name: "O", attributes: { password: [canary] } }],
  ["organization-group", ["o", { path: ["g"], rooted: true }], { attributes: { password: [canary] } }],
  ["organization-group", ["o", { path: ["g", "h"], rooted: true }], { attributes: { password: [canary] } }],
  ["client", "c", { ...openId, clientId: "c", serviceAccountsEnabled: true, attributes: named }],
  ["client-mapper", ["c", "m"], { ...openId, protocolMapper: "oidc-sub-mapper", config: named }],
  ["workflow", "w", { steps: [{ uses: "notify-user", with: named }] }],
  ["client-profile", "p", { name: "p", executors: [{ executor: "own", configuration: named }] }],
  [
    "client-policy",
    "q",
    { name: "q", enabled: true, profiles: ["p"], conditions: [{ condition: "own", configuration: named }] },
  ],
  ["service-account", "c", { attributes: { password: [canary] } }],
  ["service-account-role", ["c", "realm", "default-roles-r"], {}],
  ["authorization-settings", "c", { policyEnforcementMode: "ENFORCING", decisionStrategy: "UNANIMOUS" }],
  ["authorization-resource", ["c", "res"], { name: "res", attributes: { password: [canary] } }],
  ["authorization-policy", ["c", "pol"], { name: "pol", type: "own", config: named }],
];

function stepWith(config: PlainMap, alias = "a"): PlainMap {
  return { does: "auth-cookie", requirement: "REQUIRED", config: { alias, config } };
}

/** Kinds with nothing but names, switches and other objects' names. */
const plain = new Set([
  ...["flow-bindings", "profile-attribute", "profile-permission", "profile-settings", "profile-order", "localization"],
  ...["default-right", "service-account-role", "default-group", "default-client-scope", "client-scope-assignment"],
  ...["client-scope-role-scope", "client-role-scope", "organization-upstream", "authorization-scope"],
  ...["authorization-settings", "service-account-group"],
]);

describe("S-81: a secret that Keycloak shows under a name of anybody's", () => {
  it("is a reference in an imported file, whatever holds it", () => {
    const observed = holders.map(([kind, key, fields]): Observed => ({ kind, key, fields, owned: false }));
    const { text, secrets, notes } = describeRealm("r", observed, [], { now: () => instant(0) });
    expect(text).not.toContain(canary);
    expect(notes).toEqual([]);
    // Each by a variable of its own.
    const holding = holders.filter(([kind, key]) => kind !== "builtin-flow" || key !== "browser");
    expect(secrets).toHaveLength(JSON.stringify(holding).split(canary).length - 1);
    const loaded = loadTexts([text], Object.fromEntries(secrets.map((name) => [name, "x"])));
    expect(loaded.ok ? "" : loaded.refusal.map(formatProblem).join("\n")).toBe("");
  });

  it("every kind that can hold one is tried", () => {
    const tried = new Set(holders.map(([kind]) => kind));
    expect(kinds.map(({ rule }) => rule.kind).filter((kind) => !tried.has(kind) && !plain.has(kind))).toEqual([]);
  });
});
