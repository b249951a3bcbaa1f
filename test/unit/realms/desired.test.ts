import { describe, expect, it } from "vitest";
import { Fault } from "../../../src/core/index.ts";
import { withFingerprints } from "../../../src/realms/desired/fields.ts";
import { desiredRealm } from "../../../src/realms/desired/realm.ts";
import { realmKinds } from "../../../src/realms/driver.ts";
import type { RealmSpec } from "../../../src/realms/index.ts";
import { formatKey, formatPlan, planFrom, savePlans } from "../../../src/reconcile/index.ts";
import { anyProvider, brokered, realmOf } from "./kit.ts";

/** One identity provider of a realm with a broker; `more` is written over what it usually has. */
const upstream = (more: Readonly<Record<string, unknown>> = {}) => ({
  id: "a-idp",
  template: "keycloak",
  issuer: "https://idp.a.example/realms/a",
  client: { id: "us", secret: { env: "A_SECRET" } },
  claims: ["groups"],
  ...more,
});
const realm = (...upstreams: readonly { readonly id: string }[]): RealmSpec => {
  const organizations = [{ id: "a", name: "A", domains: ["a.example"], upstreams: upstreams.map((u) => u.id) }];
  return realmOf(brokered(`organizations: ${JSON.stringify(organizations)}\nupstreams: ${JSON.stringify(upstreams)}`));
};
const nobody = () => Promise.reject(new Fault("identity provider", "discovery"));
const idpIn = async (u: { readonly id: string }) =>
  (await desiredRealm(realm(u), anyProvider)).find((r) => r.kind === "identity-provider");

describe("what a realm shall hold", () => {
  it("a Keycloak's endpoints follow from its issuer: nobody is asked", async () => {
    const desired = await desiredRealm(realm(upstream()), nobody);
    expect(desired.find((r) => r.kind === "identity-provider")?.fields["config"]).toMatchObject({
      tokenUrl: "https://idp.a.example/realms/a/protocol/openid-connect/token",
      defaultScope: "openid profile email offline_access",
    });
  });

  it("an issuer that cannot be asked is a fault, and there is no plan", () =>
    expect(desiredRealm(realm(upstream({ template: "oidc" })), nobody)).rejects.toThrow(Fault));

  it("offline access is asked for only where the IdP has it and the re-check needs it", async () => {
    const scopeOf = async (u: { readonly id: string }) =>
      ((await idpIn(u))?.fields["config"] as Record<string, unknown> | undefined)?.["defaultScope"];
    expect(await scopeOf(upstream({ template: "oidc" }))).toBe("openid profile email");
    expect(await scopeOf(upstream({ recheck: "none" }))).toBe("openid profile email");
    expect(await scopeOf(upstream({ scopes: ["openid", "groups"] }))).toBe("openid groups");
  });

  it("the IdP's tokens are kept only where the broker asks again", async () => {
    expect((await idpIn(upstream({ recheck: "none" })))?.fields).toMatchObject({
      storeToken: false,
      addReadTokenRoleOnCreate: false,
    });
    expect((await idpIn(upstream({ recheck: "best-effort" })))?.fields).toMatchObject({
      storeToken: true,
      addReadTokenRoleOnCreate: true,
    });
  });

  it("every IdP is bound to the flow that links nothing, and names accounts by IdP and subject", async () => {
    const desired = await desiredRealm(realm(upstream(), upstream({ id: "b-idp" })), nobody);
    for (const idp of desired.filter((r) => r.kind === "identity-provider")) {
      expect(idp.fields["firstBrokerLoginFlowAlias"]).toBe("cloudpass-first-login");
    }
    const flow = desired.find((r) => r.kind === "authentication-flow");
    expect(JSON.stringify(flow)).not.toMatch(
      /confirm-link|auto-link|email-verification|username-password|review-profile/,
    );
    expect(
      desired.filter((r) => formatKey(r.key).endsWith("cloudpass username")).map((r) => r.fields["config"]),
    ).toEqual([
      { template: `\${ALIAS}.\${CLAIM.sub}`, target: "LOCAL", syncMode: "FORCE" },
      { template: `\${ALIAS}.\${CLAIM.sub}`, target: "LOCAL", syncMode: "FORCE" },
    ]);
  });

  it("imported claims are attributes that only administrators write", async () => {
    const attributes = (await desiredRealm(realm(upstream()), nobody)).filter((r) => r.kind === "profile-attribute");
    expect(attributes.map((r) => r.key)).toEqual(["upstream.groups", "upstream_username"]);
    for (const a of attributes) expect(a.fields["permissions"]).toEqual({ view: ["admin"], edit: ["admin"] });
  });

  it("the broker's client has one exact redirect URI and no way in but the code flow", async () => {
    const client = (await desiredRealm(realm(upstream()), nobody)).find((r) => r.kind === "client");
    expect(client?.fields).toMatchObject({
      redirectUris: ["https://login.example/login/callback"],
      implicitFlowEnabled: false,
      directAccessGrantsEnabled: false,
      serviceAccountsEnabled: false,
      clientAuthenticatorType: "client-jwt",
      attributes: { "jwks.url": "https://login.example/upstream/jwks", "pkce.code.challenge.method": "S256" },
    });
  });

  it("no form of the plan holds the secret, and fingerprints differ from place to place", async () => {
    const driver = { name: "keycloak main realm x", kinds: realmKinds };
    const desired = await withFingerprints(await desiredRealm(realm(upstream(), upstream({ id: "b-idp" })), nobody));
    const plan = planFrom(driver, desired, []);
    expect(formatPlan(plan) + savePlans([plan]) + JSON.stringify(desired)).not.toContain("hunter2");
    const prints = desired.flatMap((r) => Object.values(r.secrets ?? {}).map((s) => s.fingerprint));
    expect(new Set(prints).size).toBe(2);
  });

  it("disabling an IdP is done before anything is built", async () => {
    const before = await withFingerprints(await desiredRealm(realm(upstream()), nobody));
    const observed = before.map((r) => ({ ...r, owned: true, fingerprints: fingerprintsOf(r) }));
    const other = realm(upstream({ enabled: false, claims: ["groups", "team"] }));
    const after = await withFingerprints(await desiredRealm(other, nobody));
    const { steps } = planFrom({ name: "x", kinds: realmKinds }, after, observed);
    expect(steps[0]).toMatchObject({ kind: "identity-provider", phase: "revoke", action: "update" });
    expect(steps.slice(1).every((s) => s.phase !== "revoke")).toBe(true);
  });
});

const fingerprintsOf = (r: { secrets?: Readonly<Record<string, { fingerprint?: string }>> }) =>
  Object.fromEntries(Object.entries(r.secrets ?? {}).map(([n, s]) => [n, s.fingerprint ?? ""]));
