import { describe, expect, it } from "vitest";
import { longestAccessToken, seconds } from "../../../src/core/index.ts";
import { cloudMemory, type Policy } from "../../../src/policy/index.ts";
import { apacheSnippet, authenticationConfiguration } from "../../../src/targets/index.ts";
import { acme, examples, mustLoad, target, targets } from "./kit.ts";

const issuer = "https://id.example";
const facts = { issuer, jwksUri: `${issuer}/jwks` };
const policy = mustLoad(examples);
/** The kit's targets, changed. */
const changed = (from: string | RegExp, to: string): Policy =>
  mustLoad([
    { file: "targets.yaml", text: targets.replace(from, to) },
    ...acme("sets: {}\npeople: {}\ngrants: []\n").slice(1),
  ]);

describe("the file of an API server", () => {
  it("is this, with nothing that is not known", () => {
    expect(authenticationConfiguration(policy, [target("prod1")], { issuer })).toEqual({
      apiVersion: "apiserver.config.k8s.io/v1",
      kind: "AuthenticationConfiguration",
      anonymous: { enabled: true, conditions: [{ path: "/livez" }, { path: "/readyz" }, { path: "/healthz" }] },
      jwt: [
        {
          issuer: { url: issuer, audiences: ["prod1"] },
          claimValidationRules: [
            { expression: "claims.exp - claims.iat <= 900", message: expect.any(String) },
            {
              expression: 'has(claims.tenant) && claims.tenant.startsWith("urn:cloudpass:tenant:")',
              message: expect.any(String),
            },
          ],
          claimMappings: {
            username: { claim: "sub", prefix: "cp:" },
            groups: { claim: "groups", prefix: "cp:" },
            uid: { claim: "sub" },
            extra: [
              { key: "cloudpass/preferred-username", valueExpression: 'claims.?preferred_username.orValue("")' },
              { key: "cloudpass/tenant", valueExpression: "claims.tenant" },
            ],
          },
          userValidationRules: [
            { expression: '!user.username.startsWith("system:")', message: expect.any(String) },
            { expression: 'user.groups.all(g, !g.startsWith("system:"))', message: expect.any(String) },
          ],
        },
      ],
    });
    expect(authenticationConfiguration(policy, [target("prod1")], { issuer })).not.toHaveProperty(
      "jwt.0.issuer.certificateAuthority",
    );
  });

  const cluster2 = 'prod2: {api: "https://prod2.example", roles: [view]';
  const two = (more: string) => changed("tenants:\n", `  ${cluster2}${more}}\ntenants:\n`);
  const both = [target("prod1"), target("prod2")];

  it("may stand for several clusters that share their prefix, of which a token names any", () => {
    const { jwt } = authenticationConfiguration(two(""), both, { issuer }) as {
      jwt: readonly { issuer: object; claimValidationRules: readonly { expression: string }[] }[];
    };
    expect(jwt[0]?.issuer).toEqual({ url: issuer, audiences: ["prod1", "prod2"], audienceMatchPolicy: "MatchAny" });
    expect(jwt[0]?.claimValidationRules[0]?.expression).toBe(`claims.exp - claims.iat <= ${longestAccessToken}`);
  });

  it("is not made for clusters of two prefixes, for none, nor for what is no cluster", () => {
    const apart = two(', subjects: {prefix: "other:"}');
    expect(() => authenticationConfiguration(apart, both, { issuer })).toThrow(/must share their prefix/);
    expect(() => authenticationConfiguration(policy, [], { issuer })).toThrow(/must share their prefix/);
    for (const name of ["gx1", "nowhere"]) {
      expect(() => authenticationConfiguration(policy, [target(name)], { issuer })).toThrow(/is not a cluster/);
    }
  });
});

describe("Apache's part for a cloud", () => {
  it("is this, with the path of Keystone as it is in an expression", () => {
    const cloud = changed('"https://gx1.example/v3"', '"https://gx1.example/identity/v3.14/"');
    expect(apacheSnippet(cloud, target("gx1"), facts).split("\n").slice(1)).toEqual([
      'OIDCClaimPrefix "OIDC-"',
      "# Keystone splits lists at ; only",
      'OIDCClaimDelimiter ";"',
      'OIDCOAuthVerifyJwksUri "https://id.example/jwks"',
      "OIDCOAuthRemoteUserClaim sub",
      '<LocationMatch "^/identity/v3\\.14/OS-FEDERATION/identity_providers/cloudpass-[a-z0-9-]+/protocols/openid/auth$">',
      "  AuthType oauth20",
      "  <RequireAll>",
      "    Require claim iss:https://id.example",
      "    Require claim aud:gx1",
      "    Require claim token_use:access",
      "  </RequireAll>",
      "</LocationMatch>",
      "",
    ]);
  });

  it("checks the issuer's certificate unless it is told otherwise", () => {
    const off = "OIDCOAuthSSLValidateServer Off";
    const said = (verifyTls?: boolean) =>
      apacheSnippet(policy, target("gx1"), { ...facts, ...(verifyTls !== undefined && { verifyTls }) }).includes(off);
    expect([said(), said(true), said(false)]).toEqual([false, false, true]);
  });

  it("is not made for what is no cloud, nor with an address of keys that must not enter", () => {
    for (const name of ["prod1", "nowhere"]) {
      expect(() => apacheSnippet(policy, target(name), facts)).toThrow(/is not a cloud/);
    }
    expect(() => apacheSnippet(policy, target("gx1"), { issuer, jwksUri: "http://id.example" })).toThrow(/Apache/);
  });
});

it("a cloud honours a login for as long as its own tokens live, or its memberships and what it keeps of them", () => {
  const memory = (ttl: number) =>
    cloudMemory({ authorizationTtl: seconds(ttl) } as unknown as Parameters<typeof cloudMemory>[0]);
  expect([0, 3000, 3001, 7200].map(memory)).toEqual([3600, 3600, 3601, 7800]);
});
