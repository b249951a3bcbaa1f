import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as oidc from "openid-client";
import { beforeAll, expect, test } from "vitest";
import { claimsOf, keycloakVisitor } from "../../support/device-login.ts";
import { proves } from "../../support/proves.ts";
import { approve } from "../../support/real-client.ts";
import { sharedStack } from "../../support/shared-stack.ts";
import { root } from "../../support/stage.ts";

const manifest = join(root, "node_modules/openid-client/package.json");
const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
proves(() => ({ name: "openid-client (Node)", version: `openid-client ${version}` }));

const bob = keycloakVisitor("bob@a.example");
const scope = "openid profile groups offline_access";

let config: oidc.Configuration;
beforeAll(async () => {
  const { stack } = await sharedStack();
  config = await oidc.discovery(new URL(stack.issuer), "prod1", undefined, oidc.None());
});

test("device login and refresh, strict as released", async () => {
  const started = await oidc.initiateDeviceAuthorization(config, { scope });
  const polling = oidc.pollDeviceAuthorizationGrant(config, started);
  await approve(String(started.verification_uri_complete), bob);
  const tokens = await polling;
  expect(tokens.claims()).toMatchObject({
    aud: "prod1",
    preferred_username: "bob",
    groups: ["cp.customer-a.developer"],
  });
  const again = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? "");
  expect(claimsOf(again.access_token)).toMatchObject({ aud: "prod1", token_use: "access", flow: "device" });
  expect(again.claims()?.sub).toBe(tokens.claims()?.sub);
});

const redirectUri = "http://127.0.0.1:9/callback";

/** From an authorization address to the address that the browser is sent back to. */
async function browse(to: URL): Promise<URL> {
  const { stopped } = await approve(to.href, bob, { stopAt: redirectUri });
  return new URL(stopped ?? "about:blank");
}

test("authorization code with PKCE, pushed (PAR), with nonce and `iss` in the response", async () => {
  const verifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const to = await oidc.buildAuthorizationUrlWithPAR(config, {
    redirect_uri: redirectUri,
    scope,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  const back = await browse(to);
  const checks = { pkceCodeVerifier: verifier, expectedState, expectedNonce, idTokenExpected: true };
  const tokens = await oidc.authorizationCodeGrant(config, back, checks);
  expect(tokens.claims()).toMatchObject({ aud: "prod1", groups: ["cp.customer-a.developer"] });
  expect(claimsOf(tokens.access_token)).toMatchObject({ flow: "browser" });
});

test("DPoP: a bound token answers at userinfo with the right key only, and so does its refresh", async () => {
  const { stack } = await sharedStack();
  const own = await oidc.discovery(new URL(stack.issuer), "cloudpass", undefined, oidc.None());
  const keyOf = async () => oidc.getDPoPHandle(own, await oidc.randomDPoPKeyPair());
  const [mine, foreign] = [await keyOf(), await keyOf()];
  const started = await oidc.initiateDeviceAuthorization(own, { scope });
  const polling = oidc.pollDeviceAuthorizationGrant(own, started, undefined, { DPoP: mine });
  await approve(String(started.verification_uri_complete), bob);
  const tokens = await polling;
  const sub = tokens.claims()?.sub ?? "";
  expect(tokens.token_type).toBe("dpop");
  const userinfo = await oidc.fetchUserInfo(own, tokens.access_token, sub, { DPoP: mine });
  expect(userinfo).toMatchObject({ preferred_username: "bob" });
  await expect(oidc.fetchUserInfo(own, tokens.access_token, sub, { DPoP: foreign })).rejects.toMatchObject({
    status: 401,
  });
  await expect(oidc.refreshTokenGrant(own, tokens.refresh_token ?? "", {}, { DPoP: foreign })).rejects.toMatchObject({
    status: 400,
    error: "invalid_grant",
  });
  const again = await oidc.refreshTokenGrant(own, tokens.refresh_token ?? "", {}, { DPoP: mine });
  expect(again.token_type).toBe("dpop");
});
