import { afterAll, beforeAll, expect, test } from "vitest";
import { run, TRUSTED_DASHBOARD } from "../../rigs/index.ts";
import { decodeEntities, forms } from "../../support/browser.ts";
import { keycloakVisitor, poll, postForm, startDevice } from "../../support/device-login.ts";
import { federatedLogin, rescope } from "../../support/keystone-token.ts";
import { proves } from "../../support/proves.ts";
import { approve } from "../../support/real-client.ts";
import type { RealStack } from "../../support/real-stack.ts";
import { clientSecret, sharedStack } from "../../support/shared-stack.ts";

proves(async () => ({
  name: "Apache with mod_auth_openidc, before Keystone",
  version: await run("dpkg-query", ["-W", "-f", `\${Package} \${Version}`, "libapache2-mod-auth-openidc"]),
  needs:
    "As a relying party the module reads the groups from userinfo: the dashboard's client has `target` set to its cloud. " +
    "Keystone finds the customer's identity provider by the tenant claim, so one path serves all customers.",
}));

let stack: RealStack;
beforeAll(async () => {
  ({ stack } = await sharedStack());
});
/** Other directives in front of cloud gx1; the path of the command line is guarded as before. */
const front = (directives: string) =>
  stack.clouds.gx1.reloadFront({
    issuer: stack.issuer,
    jwksUri: `${stack.issuer}/jwks`,
    audience: "gx1",
    apacheSnippet: `OIDCClaimPrefix "OIDC-"\nOIDCClaimDelimiter ";"\n${directives}`,
  });
const guarded = `<LocationMatch "^/v3/OS-FEDERATION/identity_providers/cloudpass-[a-z0-9-]+/protocols/openid/auth$">
  AuthType oauth20
  <RequireAll>
    Require claim iss:ISSUER
    Require claim aud:gx1
    Require claim token_use:access
  </RequireAll>
</LocationMatch>`;
const byKeySet = () => `OIDCOAuthVerifyJwksUri "${stack.issuer}/jwks"
OIDCOAuthRemoteUserClaim sub
${guarded.replace("ISSUER", stack.issuer)}`;
afterAll(() => stack && front(byKeySet()));

/** A device login for cloud gx1 by hand. */
async function logIn() {
  const started = await startDevice(stack.issuer, { client_id: "gx1", scope: "openid profile groups offline_access" });
  await approve(started.verification_uri_complete, keycloakVisitor("bob@a.example"));
  const { body } = await poll(stack.issuer, { client_id: "gx1", device_code: started.device_code });
  return { access: String(body["access_token"]), refresh: String(body["refresh_token"]) };
}

test("resource server by introspection: a JWT is let in, and no more from the moment its login is revoked", async () => {
  await front(`OIDCOAuthIntrospectionEndpoint "${stack.issuer}/introspect"
OIDCOAuthIntrospectionEndpointAuth client_secret_basic
OIDCOAuthClientID gx1-gate
OIDCOAuthClientSecret ${clientSecret}
OIDCOAuthTokenIntrospectionInterval 0
OIDCOAuthRemoteUserClaim sub
${guarded.replace("ISSUER", stack.issuer)}`);
  const { access, refresh } = await logIn();
  const enter = () => federatedLogin(stack.clouds.gx1.url, "cloudpass-customer-a", access);
  const entered = await enter();
  expect(entered).toMatchObject({ status: 201, user: "bob" });
  const scoped = await rescope(stack.clouds.gx1.url, entered.token ?? "", { project: "dev", domain: "customer-a" });
  expect(scoped.roles).toEqual(["member", "reader"]);
  await postForm(`${stack.issuer}/revoke`, { client_id: "gx1", token: refresh });
  expect((await enter()).status).toBe(401);
});

test("resource server by the key set: the same token is let in without a question to the issuer", async () => {
  await front(byKeySet());
  const { access } = await logIn();
  expect(await federatedLogin(stack.clouds.gx1.url, "cloudpass-customer-a", access)).toMatchObject({ status: 201 });
});

test("relying party: Keystone's global WebSSO path, up to the form that posts the token to the dashboard", async () => {
  const { url } = stack.clouds.gx1;
  await front(`OIDCProviderMetadataURL "${stack.issuer}/.well-known/openid-configuration"
OIDCClientID gx1-dashboard
OIDCClientSecret ${clientSecret}
OIDCProviderTokenEndpointAuth client_secret_basic
OIDCPKCEMethod S256
OIDCScope "openid profile groups"
OIDCRedirectURI ${new URL("/redirect_uri", url).href}
OIDCCryptoPassphrase of-this-run-only
<LocationMatch "^/(redirect_uri|v3/auth/OS-FEDERATION/websso/openid)$">
  AuthType openid-connect
  # The scripted browser does not say that it navigates (Sec-Fetch-Mode), as real ones do.
  OIDCUnAuthAction auth true
  Require valid-user
</LocationMatch>`);
  const link = `${url}/auth/OS-FEDERATION/websso/openid?origin=${encodeURIComponent(TRUSTED_DASHBOARD)}`;
  const page = await approve(link, keycloakVisitor("bob@a.example"));
  const form = forms(page).find((f) => f.action === TRUSTED_DASHBOARD);
  const unscoped = form?.fields["token"] ?? "";
  expect(unscoped, decodeEntities(page.text).slice(0, 2000)).toMatch(/^gAAAA[\w-]{50,}=*$/);
  const scoped = await rescope(url, unscoped, { project: "dev", domain: "customer-a" });
  expect(scoped).toMatchObject({ status: 201, user: "bob", roles: ["member", "reader"] });
});
