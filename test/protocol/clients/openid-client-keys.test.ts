import { importJWK } from "jose";
import * as oauth from "openid-client";
import { describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients, exchangeGrant, resource } from "../../support/clients.ts";
import { claimsOf, decideInBrowser, embeddedVisitor } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const broker = shared(() => bootWithClients({ yaml: "device: {interval: 1s}" }));

const connect = (client: string, authentication: oauth.ClientAuth) =>
  oauth.discovery(new URL(broker.issuer), client, undefined, authentication, {
    execute: [oauth.allowInsecureRequests],
  });

/** A device login approved by bob, through the library. */
async function logIn(config: oauth.Configuration, options: oauth.DPoPOptions = {}) {
  const start = await oauth.initiateDeviceAuthorization(config, { scope: "openid profile groups offline_access" });
  const approval = decideInBrowser(
    start.verification_uri_complete ?? "",
    embeddedVisitor("bob@a.example"),
    "approve",
    browser,
  );
  const [tokens] = await Promise.all([oauth.pollDeviceAuthorizationGrant(config, start, {}, options), approval]);
  return tokens;
}

describe("openid-client, as released,", () => {
  test("logs in with DPoP, reads userinfo with it, and refreshes with the same key only", async () => {
    const config = await connect("cloudpass", oauth.None());
    const DPoP = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair("ES256"));
    const tokens = await logIn(config, { DPoP });
    expect(tokens.token_type).toBe("dpop");
    const sub = tokens.claims()?.sub ?? "";
    expect(await oauth.fetchUserInfo(config, tokens.access_token, sub, { DPoP })).toMatchObject({
      preferred_username: "bob",
    });
    const targets = await oauth.fetchProtectedResource(
      config,
      tokens.access_token,
      new URL(`${broker.issuer}/targets`),
      "GET",
      null,
      undefined,
      { DPoP },
    );
    expect(targets.status).toBe(200);
    const other = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair("ES256"));
    await expect(
      oauth.refreshTokenGrant(config, tokens.refresh_token ?? "", {}, { DPoP: other }),
    ).rejects.toMatchObject({ status: 400, error: "invalid_grant" });
    const next = await oauth.refreshTokenGrant(
      config,
      tokens.refresh_token ?? "",
      { resource: resource("gx1") },
      { DPoP },
    );
    expect(next.token_type).toBe("bearer");
  });

  test.each(["RS256", "PS256", "EdDSA", "Ed25519"])("proves keys of %s", async (alg) => {
    const config = await connect("cloudpass", oauth.None());
    const DPoP = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair(alg));
    await expect(oauth.refreshTokenGrant(config, "guess", {}, { DPoP })).rejects.toMatchObject({
      error: "invalid_grant",
    });
  });

  test("is a robot by private_key_jwt, and introspects what it got", async () => {
    const key = (await importJWK(broker.key.privateJwk, "ES256")) as oauth.CryptoKey;
    const config = await connect("ci", oauth.PrivateKeyJwt({ key, kid: "k1" }));
    const tokens = await oauth.clientCredentialsGrant(config, { resource: resource("prod1") });
    expect(claimsOf(tokens.access_token)).toMatchObject({ aud: "prod1", flow: "machine" });
    expect(await oauth.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      client_id: "ci",
    });
    await oauth.tokenRevocation(config, tokens.access_token);
    expect(await oauth.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
  });

  test.each<[string, (secret: string) => oauth.ClientAuth]>([
    ["client_secret_basic", (secret) => oauth.ClientSecretBasic(secret)],
    ["client_secret_post", (secret) => oauth.ClientSecretPost(secret)],
  ])("logs in with %s, odd characters and all, and exchanges", async (_method, authentication) => {
    const config = await connect("portal", authentication(broker.secret));
    const tokens = await logIn(config);
    const wish = {
      subject_token: tokens.access_token,
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
      audience: "gx1",
    };
    const exchanged = await oauth.genericGrantRequest(config, exchangeGrant, wish);
    expect(claimsOf(exchanged.access_token)).toMatchObject({ aud: "gx1", act: { sub: "portal" } });
  });
});
