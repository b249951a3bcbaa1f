import { createServer } from "node:http";
import Provider from "oidc-provider";
import { listen, stopServer } from "../../support/loopback.ts";

/** npm `oidc-provider` as an authorization server that is strict where ours might be lenient. */
export interface StrictServer {
  readonly issuer: string;
  /** What the person decides about a user code. */
  decide(userCode: string, decision: "approve" | "deny" | "expire"): Promise<void>;
  /** Forms that arrived at the token and device endpoints. */
  readonly forms: { readonly path: string; readonly form: URLSearchParams }[];
  /** While true, every request is answered 503. */
  out: boolean;
  stop(): Promise<void>;
}

const scope = "openid profile email groups offline_access";
const targets = ["urn:cloudpass:target:gx1", "urn:cloudpass:target:prod1"];

/** Starts it on a free port. */
export async function startStrictServer(): Promise<StrictServer> {
  const http = createServer();
  const issuer = `http://${await listen(http)}`;
  const warn = console.warn;
  console.warn = () => {}; // it warns of everything that is not https
  const provider = makeProvider(issuer);
  console.warn = warn;
  const server: StrictServer = {
    issuer,
    forms: [],
    out: false,
    decide: (userCode, decision) => decide(provider, userCode.replace("-", ""), decision),
    stop: () => stopServer(http),
  };
  provider.use(async (ctx, next) => {
    await next();
    const form: unknown = Reflect.get(ctx, "oidc")?.body;
    if (ctx.method === "POST")
      server.forms.push({ path: ctx.path, form: new URLSearchParams(form as Record<string, string>) });
    if (ctx.path === "/device/auth" && ctx.status === 200) Object.assign(ctx.body as object, { interval: 1 });
  });
  const callback = provider.callback();
  http.on("request", (request, response) => {
    if (server.out) {
      response.writeHead(503).end();
      return;
    }
    void callback(request, response);
  });
  return server;
}

function makeProvider(issuer: string): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: "cloudpass",
        token_endpoint_auth_method: "none",
        grant_types: ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
        response_types: [],
        redirect_uris: [],
      },
    ],
    scopes: scope.split(" "),
    claims: {
      openid: ["sub"],
      profile: ["name", "preferred_username", "tenant"],
      email: ["email"],
      groups: ["groups"],
    },
    conformIdTokenClaims: false,
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      deviceFlow: { enabled: true },
      revocation: { enabled: true, allowedPolicy: async () => true },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => issuer,
        useGrantedResource: async () => true,
        getResourceServerInfo: async (_ctx, resource) => {
          if (resource !== issuer && !targets.includes(resource)) {
            const { errors } = await import("oidc-provider");
            throw new errors.InvalidTarget();
          }
          const audience = resource.replace("urn:cloudpass:target:", "");
          return { scope, audience, accessTokenFormat: "jwt", accessTokenTTL: 600, jwt: { sign: { alg: "RS256" } } };
        },
      },
    },
    ttl: { AccessToken: 600, DeviceCode: 300, RefreshToken: 3_600, Grant: 3_600, IdToken: 600 },
    findAccount: async (_ctx, id) => ({
      accountId: id,
      claims: async () => ({
        sub: id,
        name: "Alice A",
        preferred_username: "alice",
        tenant: "urn:cloudpass:tenant:customer-a",
      }),
    }),
  });
}

async function decide(provider: Provider, userCode: string, decision: "approve" | "deny" | "expire"): Promise<void> {
  const code = await provider.DeviceCode.findByUserCode(userCode);
  if (!code) throw new Error(`no such code: ${userCode}`);
  if (decision === "approve") {
    const grant = new provider.Grant({ accountId: "alice", clientId: "cloudpass" });
    grant.addOIDCScope(scope);
    for (const resource of [provider.issuer, ...targets]) grant.addResourceScope(resource, scope);
    Object.assign(code, {
      accountId: "alice",
      grantId: await grant.save(),
      scope,
      resource: [provider.issuer, ...targets],
      authTime: Math.floor(Date.now() / 1000),
    });
  } else Object.assign(code, { error: decision === "deny" ? "access_denied" : "expired_token" });
  await (code as unknown as { save(ttl: number): Promise<string> }).save(300); // its types know no length of life
}
