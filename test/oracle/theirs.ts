import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { JWK } from "jose";
import Provider, { type ClientMetadata, type Configuration, errors } from "oidc-provider";
import { mapAdapter } from "../bench/issuer/servers/provider-adapters.ts";
import { poll } from "../support/device-login.ts";
import { pkce } from "../support/drive.ts";
import { type KeyHolder, keyHolder } from "../support/key-holder.ts";
import { basic, type ClientName, known, once, tokensIn, type World } from "./world.ts";

// npm `oidc-provider`, set up as alike as it can be: the same addresses, clients, grants, scopes and one target.

const device = "urn:ietf:params:oauth:grant-type:device_code";
const accountId = "bob";

const client = (client_id: ClientName, grant_types: string[], more: Partial<ClientMetadata> = {}): ClientMetadata => ({
  client_id,
  grant_types,
  response_types: grant_types.includes("authorization_code") ? ["code"] : [],
  redirect_uris: grant_types.includes("authorization_code") ? [known.redirectUri] : [],
  token_endpoint_auth_method: "none",
  id_token_signed_response_alg: "ES256",
  ...more,
});

const clients = (key: KeyHolder): ClientMetadata[] => [
  client("app", ["authorization_code", device, "refresh_token"], { post_logout_redirect_uris: [known.afterLogout] }),
  client("other", ["authorization_code", device, "refresh_token"], { redirect_uris: ["https://other.example/cb"] }),
  client("vault", [device, "refresh_token"], {
    client_secret: known.secret,
    token_endpoint_auth_method: "client_secret_basic",
  }),
  client("bound", [device, "refresh_token"], { dpop_bound_access_tokens: true }),
  client("robot", ["client_credentials"], {
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "ES256",
    jwks: { keys: [{ ...key.publicJwk, kid: "k1", use: "sig" }] } as unknown as NonNullable<ClientMetadata["jwks"]>,
  }),
];

const configuration = (key: KeyHolder, signing: JWK): Configuration => ({
  adapter: mapAdapter(),
  clients: clients(key),
  jwks: { keys: [{ ...signing, alg: "ES256", use: "sig", kid: "oracle" } as never] },
  scopes: ["openid", "profile", "email", "groups", "offline_access"],
  claims: { openid: ["sub"], profile: ["name"], email: ["email"], groups: ["groups"] },
  clientAuthMethods: ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"],
  cookies: { keys: ["oracle"] },
  pkce: { required: () => true },
  responseTypes: ["code"],
  routes: {
    authorization: "/authorize",
    code_verification: "/device",
    device_authorization: "/device_authorization",
    end_session: "/end_session",
    introspection: "/introspect",
    jwks: "/jwks",
    pushed_authorization_request: "/par",
    revocation: "/revoke",
    token: "/token",
    userinfo: "/userinfo",
  },
  renderError: (ctx, out) => {
    ctx.type = "html";
    ctx.body = out.error;
  },
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  findAccount: async (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, name: "Bob" }) }),
  ttl: {
    Session: 3_600,
    ClientCredentials: 600,
    DeviceCode: 300,
    Grant: 43_200,
    AccessToken: 600,
    IdToken: 600,
    RefreshToken: 43_200,
    Interaction: 600,
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    dPoP: { enabled: true },
    introspection: { enabled: true, allowedPolicy: async () => true },
    pushedAuthorizationRequests: { enabled: true },
    revocation: { enabled: true, allowedPolicy: async (_ctx, asking, token) => token.clientId === asking.clientId },
    rpInitiatedLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: async () => [],
      useGrantedResource: async () => false,
      getResourceServerInfo: async (_ctx, asked) => {
        if (asked !== known.resource) throw new errors.InvalidTarget();
        return { scope: known.scope, audience: "gx1", accessTokenFormat: "jwt", jwt: { sign: { alg: "ES256" } } };
      },
    },
  },
});

/** What a grant's models hold about the person; the library's types leave out half of it. */
type Savable = { save(): Promise<string> } & Record<string, unknown>;

async function grantOf(provider: Provider, clientId: string): Promise<object> {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope(known.scope);
  grant.addResourceScope(known.resource, known.scope);
  const authTime = Math.floor(Date.now() / 1000);
  return { accountId, grantId: await grant.save(), scope: known.scope, resource: known.resource, authTime };
}

async function deviceCodeOf(provider: Provider, clientId: string, state: "pending" | "approved" | "denied") {
  const code = new provider.DeviceCode({
    grantId: "",
    client: (await provider.Client.find(clientId)) as never,
    deviceInfo: {},
    params: { client_id: clientId, scope: known.scope, resource: known.resource },
    userCode: crypto.randomUUID(),
  }) as unknown as Savable;
  if (state === "approved") Object.assign(code, await grantOf(provider, clientId));
  if (state === "denied") Object.assign(code, { error: "access_denied" });
  return code.save();
}

async function codeOf(provider: Provider): Promise<string> {
  const code = new provider.AuthorizationCode({
    client: (await provider.Client.find("app")) as never,
    redirectUri: known.redirectUri,
  } as never) as unknown as Savable;
  const challenge = { codeChallenge: pkce(known.verifier).challenge, codeChallengeMethod: "S256" };
  Object.assign(code, await grantOf(provider, "app"), challenge);
  return code.save();
}

/** The oracle on a free port. */
export async function theirs(): Promise<World> {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const [key, signing] = [await keyHolder(), await keyHolder()];
  const { warn, info } = console;
  console.warn = console.info = () => {}; // it warns of everything that is not https
  const provider = new Provider(issuer, configuration(key, signing.privateJwk));
  Object.assign(console, { warn, info });
  http.on("request", provider.callback());
  const tokens: World["tokens"] = async (name) => {
    const headers = {
      ...(name === "vault" && { authorization: basic() }),
      ...(name === "bound" && { dpop: await key.proof("POST", `${issuer}/token`) }),
    };
    const form = { client_id: name, device_code: await deviceCodeOf(provider, name, "approved") };
    return tokensIn((await poll(issuer, form, headers)).body);
  };
  return {
    issuer,
    key,
    deviceCode: (state) => deviceCodeOf(provider, "app", state),
    code: () => codeOf(provider),
    tokens,
    lasting: once(tokens),
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
