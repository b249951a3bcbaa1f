import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examineCloud, type SignTrial } from "../../src/targets/index.ts";
import { startTestCloud, type TestCloud } from "./targets-cloud.ts";
import { deps, target } from "./targets-policy.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
  await cloud.apply();
}, 240_000);
afterAll(() => cloud?.stop());

const nobody = { sub: "p-doctor", tenant: "urn:cloudpass:tenant:-doctor", preferred_username: "doctor", groups: [] };
const sign = (): SignTrial => (typ, claims) => cloud.issuer.sign(typ, { ...claims, ...nobody });
const examine = async () => {
  const options = { issuer: cloud.issuer.issuer, sign: sign() };
  const { findings } = await examineCloud(target("gx1"), cloud.connection, options, deps);
  return findings;
};

describe("doctor cloud on a real Keystone", () => {
  it("finds nothing wrong with a cloud that was set up by the book, and leaves nothing behind", async () => {
    const findings = await examine();
    expect(findings.filter((f) => f.level === "fail")).toEqual([]);
    expect(findings).toContainEqual({
      level: "ok",
      about: "domain manager",
      message: "a domain manager may assign manager, member, reader",
    });
    expect(findings.filter((f) => f.about === "front").map((f) => f.message)).toEqual([
      "a good token reaches Keystone, which knows no such tenant",
      "a token for another target is refused (401)",
      "a token of another issuer is refused (401)",
      "a token that is an ID token is refused (401)",
      "a token that has expired is refused (401)",
      "a token without a signature is refused (401)",
      "a token with another's signature is refused (401)",
    ]);
    expect(findings.map((f) => f.about)).toEqual(expect.arrayContaining(["enforce_scope", "enforce_new_defaults"]));
    expect(findings).toContainEqual(
      expect.objectContaining({ about: "release", message: expect.stringContaining("2026.1 or later") }),
    );
    const { body } = await cloud.ask("GET", "/OS-FEDERATION/mappings");
    const ids = body.mappings.map((m: { id: string }) => m.id).sort();
    expect(ids).toEqual(["cloudpass-customer-a", "cloudpass-customer-b"]);
  });

  it("finds a mapping that passes groups on, and an identity provider that believes any issuer", async () => {
    const rules = [
      {
        remote: [{ type: "OIDC-sub" }, { type: "OIDC-groups" }],
        local: [{ user: { name: "{0}" } }, { groups: "{1}", domain: { name: "Default" } }],
      },
    ];
    await cloud.ask("PUT", "/OS-FEDERATION/mappings/open", { mapping: { rules } });
    await cloud.ask("PUT", "/OS-FEDERATION/identity_providers/any", { identity_provider: { enabled: true } });
    const failed = (await examine()).filter((f) => f.level === "fail").map((f) => f.about);
    expect(failed).toEqual(["identity provider any", "mapping open"]);
  });

  it("finds a front that checks signatures and nothing else, as many clouds have it", async () => {
    const bare = [
      'OIDCClaimPrefix "OIDC-"',
      'OIDCClaimDelimiter ";"',
      `OIDCOAuthVerifyJwksUri "${cloud.issuer.jwksUri}"`,
      "OIDCOAuthRemoteUserClaim sub",
      '<LocationMatch "^/v3/OS-FEDERATION/identity_providers/[^/]+/protocols/openid/auth$">',
      "  AuthType oauth20",
      "  Require valid-user",
      "</LocationMatch>",
    ].join("\n");
    await cloud.rig.reloadFront({ ...cloud.issuer, audience: "gx1", apacheSnippet: bare });
    const front = (await examine()).filter((f) => f.about === "front");
    expect(front.filter((f) => f.level === "fail").map((f) => f.message.replace(/ \(\d+\)$/, ""))).toEqual([
      "a token for another target reaches Keystone",
      "a token of another issuer reaches Keystone",
      "a token that is an ID token reaches Keystone",
    ]);
  });
});
