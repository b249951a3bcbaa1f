import type { TargetName } from "../../core/index.ts";
import { createHttpClient, type HttpClientDeps, type HttpRequest, jsonOf } from "../../http-client/index.ts";
import type { KeystoneConnection } from "./connection.ts";

/** What Keystone, or the Apache before it, answered: also a refusal is an answer. */
export interface KeystoneAnswer {
  readonly status: number;
  /** The JSON of the body; `undefined` when it is not JSON, as of Apache's own refusals. */
  readonly body: unknown;
  /** A token, where one was made. */
  readonly token?: string;
  /** The server's clock, as it tells it. */
  readonly date?: string;
}

/** One question to Keystone, below `/v3`. */
export interface KeystoneQuestion {
  readonly method: HttpRequest["method"];
  readonly path: string;
  readonly body?: object;
}

/** Asks one Keystone as whoever holds a token. It judges no status; it throws `Fault` when nobody answers. */
export interface KeystoneCaller {
  /** As the holder of a Keystone token, or as nobody. */
  ask(as: string | undefined, question: KeystoneQuestion): Promise<KeystoneAnswer>;
  /** A federated login with an access token of the issuer; the answer's token is unscoped. */
  present(accessToken: string, identityProvider: string, protocol: string): Promise<KeystoneAnswer>;
}

/** Where a federated login of an identity provider is done. */
const federatedLoginPath = (identityProvider: string, protocol: string): string =>
  `/OS-FEDERATION/identity_providers/${encodeURIComponent(identityProvider)}/protocols/${encodeURIComponent(protocol)}/auth`;

/** Makes the caller; of the connection only address and trust are used. */
export function makeKeystoneCaller(
  cloud: TargetName,
  connection: Pick<KeystoneConnection, "authUrl" | "caPem">,
  deps: HttpClientDeps,
): KeystoneCaller {
  const base = connection.authUrl.replace(/\/+$/, "");
  const ask = createHttpClient(`keystone ${cloud}`, connection, deps);
  const send = async ({ method, path, body }: KeystoneQuestion, credential: Record<string, string>) => {
    const answer = await ask({
      operation: `${method} ${path}`,
      method,
      url: `${base}${path}`,
      headers: { accept: "application/json", "content-type": "application/json", ...credential },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      idempotent: method !== "POST",
    });
    const token = answer.headers["x-subject-token"];
    const { date } = answer.headers;
    return {
      status: answer.status,
      body: jsonOf(answer),
      ...(typeof token === "string" && { token }),
      ...(typeof date === "string" && { date }),
    };
  };
  return {
    ask: (as, question) => send(question, as === undefined ? {} : { "x-auth-token": as }),
    present: (accessToken, identityProvider, protocol) =>
      send(
        { method: "POST", path: federatedLoginPath(identityProvider, protocol) },
        { authorization: `Bearer ${accessToken}` },
      ),
  };
}

/** A login with name and password, or with a token, into a domain or a project. */
export function loginQuestion(
  who: { readonly id: string; readonly password: string } | { readonly token: string },
  scope: { readonly domain: { readonly id: string } } | { readonly project: { readonly id: string } },
): KeystoneQuestion {
  const identity =
    "token" in who
      ? { methods: ["token"], token: { id: who.token } }
      : { methods: ["password"], password: { user: who } };
  return { method: "POST", path: "/auth/tokens", body: { auth: { identity, scope } } };
}
