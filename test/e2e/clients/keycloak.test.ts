import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KEYCLOAK_VERSION } from "../../rigs/index.ts";
import { Browser } from "../../support/browser.ts";
import { claimsOf, keycloakVisitor, postForm } from "../../support/device-login.ts";
import { drive } from "../../support/keycloak-browser.ts";
import { proves } from "../../support/proves.ts";
import { approve } from "../../support/real-client.ts";
import type { RealStack } from "../../support/real-stack.ts";
import { clientSecret, sharedStack } from "../../support/shared-stack.ts";

proves(() => ({ name: "Keycloak as a broker of this issuer", version: `Keycloak ${KEYCLOAK_VERSION}` }));

const application = "http://127.0.0.1:9/application";

let stack: RealStack;
beforeAll(async () => {
  ({ stack } = await sharedStack());
  const { admin, issuer } = stack;
  const client = { clientId: "application", publicClient: true, redirectUris: [application] };
  await admin.call("POST", "", { realm: "partner", enabled: true, clients: [client] });
  await admin.call("POST", "/partner/identity-provider/instances", {
    alias: "cloudpass",
    providerId: "oidc",
    enabled: true,
    trustEmail: true,
    config: {
      issuer,
      authorizationUrl: `${issuer}/authorize`,
      tokenUrl: `${issuer}/token`,
      userInfoUrl: `${issuer}/userinfo`,
      jwksUrl: `${issuer}/jwks`,
      useJwksUrl: "true",
      validateSignature: "true",
      clientId: "partner",
      clientSecret,
      clientAuthMethod: "client_secret_basic",
      pkceEnabled: "true",
      pkceMethod: "S256",
      defaultScope: "openid profile email",
      syncMode: "FORCE",
    },
  });
});
afterAll(() => stack?.admin.call("DELETE", "/partner"));

test("a realm of another Keycloak takes its people from this issuer: code, PKCE, secret, key set, userinfo", async () => {
  const realm = `${stack.keycloak.url}/realms/partner/protocol/openid-connect`;
  const verifier = randomBytes(32).toString("base64url");
  const query = new URLSearchParams({
    ...{ client_id: "application", redirect_uri: application, response_type: "code", scope: "openid profile email" },
    ...{ kc_idp_hint: "cloudpass", code_challenge_method: "S256" },
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
  });
  const browser = new Browser();
  const visitor = keycloakVisitor("bob@a.example");
  const approved = await approve(`${realm}/auth?${query}`, visitor, { browser, stopAt: application });
  const nobody = { username: "", password: "" };
  const { done, page } = await drive(browser, approved, application, nobody);
  expect(`${done?.origin}${done?.pathname}`, page.text.slice(0, 2000)).toBe(application);
  expect(done?.searchParams.get("error")).toBeNull();
  const tokens = await postForm(`${realm}/token`, {
    ...{ grant_type: "authorization_code", client_id: "application", redirect_uri: application },
    code: done?.searchParams.get("code") ?? "",
    code_verifier: verifier,
  });
  expect(claimsOf(tokens.body["id_token"])).toMatchObject({ preferred_username: "bob", email: "bob@a.example" });
});
