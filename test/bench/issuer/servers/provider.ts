import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import Provider, { type Configuration } from "oidc-provider";
import { mapAdapter, redisAdapter } from "./provider-adapters.ts";
import { groupCount, manyTimes, obey, settings } from "./told.ts";

// npm oidc-provider, set to do what the broker does: JWT access token (ES256) for one audience, ID token with groups, a
// refresh token; a login lives and is stored per code.

const scope = "openid profile groups offline_access";
const resource = "urn:bench:gx1";
const { privateKey } = await generateKeyPair("ES256", { extractable: true });
const groups = Array.from({ length: groupCount }, (_, n) => `cp.bench.set-${n}`);
const configuration: Configuration = {
  adapter: settings.redis === undefined ? mapAdapter() : redisAdapter(settings.redis),
  clients: [
    {
      client_id: "gx1",
      grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: "none",
      id_token_signed_response_alg: "ES256",
    },
  ],
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "ES256", use: "sig", kid: "bench" }] },
  scopes: scope.split(" "),
  routes: { device_authorization: "/device_authorization", token: "/token", jwks: "/jwks" },
  claims: { openid: ["sub", "tenant"], profile: ["name", "preferred_username"], groups: ["groups"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["bench"] },
  issueRefreshToken: async () => true,
  extraTokenClaims: async () => ({ groups, tenant: "urn:bench" }),
  findAccount: async (_ctx, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, name: "Alice Ahrens", preferred_username: "alice", tenant: "urn:bench", groups }),
  }),
  ttl: { DeviceCode: 840, Grant: 43_200, AccessToken: 600, IdToken: 600, RefreshToken: 43_200 },
  features: {
    devInteractions: { enabled: false },
    deviceFlow: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => resource,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope,
        audience: "gx1",
        accessTokenFormat: "jwt",
        accessTokenTTL: 600,
        jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
};

const server = createServer();
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;
const provider = new Provider(`http://127.0.0.1:${port}`, configuration);
server.on("request", provider.callback());

async function make(what: "pending" | "approved"): Promise<string> {
  const client = await provider.Client.find("gx1");
  if (client === undefined) throw new Error("the client is gone");
  const code = new provider.DeviceCode({
    grantId: "",
    client,
    deviceInfo: {},
    params: { client_id: "gx1", scope },
    userCode: randomBytes(8).toString("hex"),
  });
  if (what === "approved") {
    const accountId = `p-${randomBytes(20).toString("hex")}`;
    const grant = new provider.Grant({ clientId: "gx1", accountId });
    grant.addOIDCScope(scope);
    grant.addResourceScope(resource, scope);
    Object.assign(code, {
      accountId,
      grantId: await grant.save(),
      scope,
      resource,
      authTime: Math.floor(Date.now() / 1000),
    });
  }
  return code.save();
}

obey(port, { make: (what, count) => manyTimes(count, () => make(what)) });
