import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from "jose";
import { listen } from "./loopback.ts";

/** A login under way: where the browser goes, and what must come back. */
export interface Start {
  readonly url: string;
  readonly realm: string;
  readonly verifier: string;
  readonly state: string;
}

/** Tokens of a finished login; the ID token's claims, unverified. */
export interface Tokens {
  readonly idToken: Readonly<Record<string, unknown>>;
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
}

/** Plays the broker towards Keycloak: code + PKCE, private_key_jwt with its key set served over HTTP. */
export interface RelyingParty {
  readonly issuer: string;
  readonly callback: string;
  start(realm: string, more?: Readonly<Record<string, string>>): Promise<Start>;
  finish(start: Start, callback: URL): Promise<Tokens>;
  userinfo(realm: string, accessToken: string): Promise<Record<string, unknown>>;
  fetchJson(url: string, accessToken: string): Promise<{ status: number; body: Record<string, unknown> }>;
  stop(): Promise<void>;
}

/** Starts one on a free port of loopback, for the client id `cloudpass`. */
export async function startRelyingParty(clientId = "cloudpass"): Promise<RelyingParty> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const jwk = { ...(await exportJWK(publicKey)), kid: "test", use: "sig", alg: "ES256" };
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/upstream/jwks" ? 200 : 404, { "content-type": "application/json" });
    response.end(request.url === "/upstream/jwks" ? JSON.stringify({ keys: [jwk] }) : "{}");
  });
  const issuer = `http://${await listen(server)}`;
  const callback = `${issuer}/login/callback`;
  const assertion = (realm: string) =>
    new SignJWT({ jti: randomBytes(16).toString("hex") })
      .setProtectedHeader({ alg: "ES256", kid: "test" })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(realm)
      .setIssuedAt()
      .setExpirationTime("60s")
      .sign(privateKey);
  const fetchJson: RelyingParty["fetchJson"] = async (url, accessToken) => {
    const headers = { authorization: `Bearer ${accessToken}`, accept: "application/json" };
    const answer = await fetch(url, { headers });
    const body = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
    return { status: answer.status, body };
  };
  return {
    issuer,
    callback,
    fetchJson,
    start: async (realm, more = {}) => {
      const verifier = randomBytes(32).toString("base64url");
      const state = randomBytes(16).toString("hex");
      const query = new URLSearchParams({
        response_type: "code",
        client_id: clientId,
        redirect_uri: callback,
        scope: "openid profile email offline_access",
        state,
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
        ...more,
      });
      return { url: `${realm}/protocol/openid-connect/auth?${query}`, realm, verifier, state };
    },
    finish: async ({ realm, verifier, state }, at) => {
      const code = at.searchParams.get("code");
      if (code === null || at.searchParams.get("state") !== state) throw new Error(`no code: ${at.search}`);
      const form = {
        ...{ grant_type: "authorization_code", code, redirect_uri: callback, code_verifier: verifier },
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: await assertion(realm),
      };
      const answer = await fetch(`${realm}/protocol/openid-connect/token`, {
        method: "POST",
        body: new URLSearchParams(form),
      });
      const body = (await answer.json()) as Record<string, string | undefined>;
      const { id_token: idToken, access_token: accessToken, refresh_token: refreshToken } = body;
      if (idToken === undefined || accessToken === undefined) throw new Error(`no tokens: ${JSON.stringify(body)}`);
      return { idToken: decodeJwt(idToken), accessToken, refreshToken };
    },
    userinfo: async (realm, accessToken) =>
      (await fetchJson(`${realm}/protocol/openid-connect/userinfo`, accessToken)).body,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
