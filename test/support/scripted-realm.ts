import { createServer } from "node:http";
import { seconds, systemClock } from "../../src/core/index.ts";
import { makeKey } from "../../src/issuer/keys/stored-key.ts";
import { connectRealm, type Realm } from "../../src/relying-party/realm.ts";
import { listen, stopServer } from "./loopback.ts";

/** An answer of a scripted realm: JSON, or a text as it stands. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A realm that says what the test wants, and our connection to it. */
export interface ScriptedRealm {
  readonly issuer: string;
  readonly realm: Realm;
  /** Paths that were asked for, in their order. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** `says` answers a path; for `undefined` the realm's metadata are sent. */
export async function startScriptedRealm(
  answers: (path: string) => ScriptedAnswer | undefined,
): Promise<ScriptedRealm> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const { status, body, headers } = answers(path) ?? { status: 200, body: metadata };
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  const issuer = `http://${await listen(server)}`;
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ["RS256"],
  };
  const clientKey = await makeKey("client", "active", systemClock);
  const realm = connectRealm({
    issuer: "https://login.example",
    options: { issuer, clientId: "cloudpass", scopes: ["openid"], allowInsecureLoopback: true, timeout: seconds(2) },
    clientKey: () => clientKey,
    clock: systemClock,
  });
  return { issuer, realm, asked, stop: () => stopServer(server) };
}
