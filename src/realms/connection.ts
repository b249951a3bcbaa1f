import { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import type { Clock, Random, Secret } from "../core/index.ts";
import { Fault } from "../core/index.ts";
import { faultOf, isRetryable, statusOf } from "./failure.ts";

/** How an operator's command reaches one Keycloak, and as whom. */
export interface KeycloakConnection {
  /** Base URL, without `/admin` and without a realm. */
  readonly url: string;
  /** The realm the account lives in, usually `master`. */
  readonly realm: string;
  readonly credentials:
    | { readonly kind: "password"; readonly username: string; readonly password: Secret; readonly clientId?: string }
    | { readonly kind: "client"; readonly clientId: string; readonly secret: Secret };
}

/** What a connection needs from outside. */
export interface ConnectionDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Per request; default 20 s: creating a realm takes a Keycloak seconds. */
  readonly timeoutMs?: number;
}

/** `read` and `write` may be sent twice with one effect and are retried; `once` is sent at most once more, after a 401. */
export type Manner = "read" | "write" | "once";

/** A connected Keycloak. */
export interface Keycloak {
  /** Runs one request; a failure becomes `Fault("keycloak", operation)`. */
  call<T>(operation: string, manner: Manner, request: (client: KeycloakAdminClient) => Promise<T>): Promise<T>;
  /** Drops the token: rights on a realm come with a token that is younger than the realm. */
  forgetToken(): void;
}

const attempts = 4;

/** Connects. Nothing is sent before the first call. */
export function connectKeycloak(connection: KeycloakConnection, deps: ConnectionDeps): Keycloak {
  const timeout = deps.timeoutMs ?? 20_000;
  const tokens = makeTokens(connection, deps.clock, timeout);
  const client = new KeycloakAdminClient({ baseUrl: connection.url.replace(/\/+$/, ""), timeout });
  // The client's own refreshing is per call (20 parallel calls: 20 token requests) and unable to renew client credentials.
  client.registerTokenProvider({ getAccessToken: tokens.get });
  const call: Keycloak["call"] = async (operation, manner, request) => {
    let renewed = false;
    for (let attempt = 1; ; attempt++) {
      try {
        return await request(client);
      } catch (thrown) {
        if (thrown instanceof Fault) throw thrown;
        // A refused token means that nothing was done: once with a fresh one is safe for every request.
        if (statusOf(thrown) === 401 && !renewed) {
          renewed = true;
          tokens.forget();
          continue;
        }
        if (manner === "once" || attempt >= attempts || !isRetryable(thrown)) throw faultOf(operation, thrown);
        // Full jitter, so that many appliers do not come back together.
        await deps.clock.sleep(50 + deps.random.below(200 * 2 ** attempt));
      }
    }
  };
  return { call, forgetToken: tokens.forget };
}

/** Keeps one token, and mints at most one at a time however many ask. */
function makeTokens(connection: KeycloakConnection, clock: Clock, timeoutMs: number) {
  let kept: { token: string; until: number } | undefined;
  let minting: Promise<string> | undefined;
  const mint = async (): Promise<string> => {
    const started = clock.millis();
    const { token, lifetimeMs } = await requestToken(connection, timeoutMs);
    // A tenth early, so that no request travels with a token that dies on the way.
    kept = { token, until: started + lifetimeMs * 0.9 - 1000 };
    return token;
  };
  return {
    get: async (): Promise<string> => {
      if (kept !== undefined && clock.millis() < kept.until) return kept.token;
      minting ??= mint().finally(() => {
        minting = undefined;
      });
      return minting;
    },
    forget: (): void => {
      kept = undefined;
    },
  };
}

async function requestToken(
  connection: KeycloakConnection,
  timeoutMs: number,
): Promise<{ token: string; lifetimeMs: number }> {
  const operation = `log in to realm ${connection.realm}`;
  const base = connection.url.replace(/\/+$/, "");
  const url = `${base}/realms/${encodeURIComponent(connection.realm)}/protocol/openid-connect/token`;
  const c = connection.credentials;
  const form =
    c.kind === "password"
      ? {
          grant_type: "password",
          client_id: c.clientId ?? "admin-cli",
          username: c.username,
          password: c.password.reveal(),
        }
      : { grant_type: "client_credentials", client_id: c.clientId, client_secret: c.secret.reveal() };
  let status: number;
  let body: unknown;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(url, { method: "POST", body: new URLSearchParams(form), redirect: "error", signal });
    status = answer.status;
    body = await answer.json().catch(() => undefined);
  } catch (thrown) {
    throw faultOf(operation, thrown);
  }
  const { access_token: token, expires_in: lifetime } = (body ?? {}) as Record<string, unknown>;
  if (status !== 200 || typeof token !== "string" || typeof lifetime !== "number") {
    const says =
      status === 401 || status === 400
        ? "the account was refused; check its name, its secret and the realm in the environment file"
        : `HTTP ${status}`;
    throw new Fault("keycloak", operation, { retryable: status >= 500, says });
  }
  return { token, lifetimeMs: lifetime * 1000 };
}
