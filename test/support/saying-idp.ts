import { createServer, type IncomingMessage } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { listen, stopServer } from "./loopback.ts";

/** An OpenID Provider that lets everybody in at once and says what a test has it say. */
export interface SayingIdp {
  readonly issuer: string;
  /** Claims besides those that every ID token and userinfo must have. */
  readonly says: { idToken: Record<string, unknown>; userinfo: Record<string, unknown> };
  stop(): Promise<void>;
}

/** Starts one on a free port of loopback; whoever comes is `subject`. */
export async function startSayingIdp(subject = "ann-at-home"): Promise<SayingIdp> {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "test", use: "sig", alg: "RS256" };
  const says: SayingIdp["says"] = { idToken: {}, userinfo: {} };
  const nonces = new Map<string, string>();
  let issuer = "";
  const person = { sub: subject, email: "ann@home.example", given_name: "Ann", family_name: "Example" };
  const tokens = async (request: IncomingMessage) => {
    const form = new URLSearchParams(await readBody(request));
    const nonce = nonces.get(form.get("code") ?? "");
    const basic = Buffer.from((request.headers.authorization ?? "").replace("Basic ", ""), "base64").toString();
    const client = form.get("client_id") ?? basic.split(":")[0] ?? "";
    const idToken = await new SignJWT({ ...person, ...says.idToken, ...(nonce !== undefined && { nonce }) })
      .setProtectedHeader({ alg: "RS256", kid: "test" })
      .setIssuer(issuer)
      .setAudience(client)
      .setIssuedAt()
      .setExpirationTime("60s")
      .sign(privateKey);
    return {
      access_token: "an-access-token",
      refresh_token: "r",
      token_type: "Bearer",
      expires_in: 60,
      id_token: idToken,
    };
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", issuer);
    const json = (body: unknown) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (url.pathname === "/auth") {
      const code = crypto.randomUUID();
      nonces.set(code, url.searchParams.get("nonce") ?? "");
      const back = new URL(url.searchParams.get("redirect_uri") ?? issuer);
      back.search = String(new URLSearchParams({ code, state: url.searchParams.get("state") ?? "", iss: issuer }));
      response.writeHead(302, { location: back.href });
      return response.end();
    }
    if (url.pathname === "/token") return json(await tokens(request));
    if (url.pathname === "/userinfo") return json({ ...person, ...says.userinfo });
    if (url.pathname === "/keys") return json({ keys: [jwk] });
    return json(metadataOf(issuer));
  });
  issuer = `http://${await listen(server)}`;
  return { issuer, says, stop: () => stopServer(server) };
}

const metadataOf = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/keys`,
  response_types_supported: ["code"],
  subject_types_supported: ["public"],
  scopes_supported: ["openid", "profile", "email", "offline_access"],
  id_token_signing_alg_values_supported: ["RS256"],
  code_challenge_methods_supported: ["S256"],
});

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const part of request) body += String(part);
  return body;
}
