import type { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import type { Clock, Random, Secret } from "../core/index.ts";
import { atMost, Fault, token } from "../core/index.ts";
import { createFetch } from "../http-client/index.ts";
import { faultOf, isRetryable, statusOf, waitAsked } from "./failure.ts";

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
  /** Per request; default 20 s. */
  readonly timeoutMs?: number;
  /** Per request that is sent once, which is what creates; default 60 s: a client with its keys, or a realm, takes long. */
  readonly creationTimeoutMs?: number;
}

/**
 * `read`, `write` and `remove` may be sent twice with one effect and are retried; `once` is sent at most once more, after
 * a 401. Nothing to read (404) is `undefined`, nothing to remove is a success.
 */
export type Manner = "read" | "write" | "remove" | "once";

/** A connected Keycloak. */
export interface Keycloak {
  /**
   * Asks one request of Keycloak's own client; no answer, whatever the client makes of it, is `undefined`, and a text is
   * what a proxy said. A failure is `Fault("keycloak", operation)`.
   */
  call<T>(
    operation: string,
    manner: Manner,
    request: (client: KeycloakAdminClient) => Promise<T>,
  ): Promise<NonNullable<T> | undefined>;
  /** Drops the token: rights on a realm come with a token that is younger than the realm. */
  forgetToken(): void;
  /** A name that nobody has used: for what is made for a moment. */
  nonce(): string;
  /** How many requests were sent to the administration API so far. */
  sent(): number;
}

const attempts = 4;
/** More at once gains nothing and would strain the server. */
const inFlight = 4;

/** Connects. Nothing is sent before the first call. */
export function connectKeycloak(connection: KeycloakConnection, deps: ConnectionDeps): Keycloak {
  const { timeoutMs: timeout = 20_000, creationTimeoutMs: creationTimeout = 60_000 } = deps;
  const tokens = makeTokens(connection, deps.clock, timeout);
  const turn = atMost(inFlight);
  let sent = 0;
  const bearer = async () => {
    const held = await tokens.get();
    // Asked for once by every request.
    sent++;
    return held;
  };
  // A client has one patience for all it sends. What creates, given up too early, may be there all the same, unknown.
  const quick = whenNeeded(() => openClient(connection.url, timeout, bearer));
  const patient = whenNeeded(() => openClient(connection.url, creationTimeout, bearer));
  const call: Keycloak["call"] = async (operation, manner, request) => {
    const client = await (manner === "once" ? patient() : quick());
    let renewed = false;
    for (let attempt = 1; ; attempt++) {
      try {
        return answered(await turn(() => request(client)));
      } catch (thrown) {
        if (thrown instanceof Fault) throw thrown;
        // A refused token means that nothing was done: once with a fresh one is safe for every request.
        if (statusOf(thrown) === 401 && !renewed) {
          renewed = true;
          tokens.forget();
          continue;
        }
        if (statusOf(thrown) === 404 && (manner === "read" || manner === "remove")) return undefined;
        if (manner === "once" || attempt >= attempts || !isRetryable(thrown)) {
          throw faultOf(operation, thrown, manner === "once" ? "write" : manner);
        }
        // Full jitter, so that many appliers do not come back together.
        await deps.clock.sleep(Math.max(50 + deps.random.below(200 * 2 ** attempt), waitAsked(thrown)));
      }
    }
  };
  return { call, forgetToken: tokens.forget, nonce: () => token(deps.random, 12).toLowerCase(), sent: () => sent };
}

/** Makes a thing when it is first asked for, and answers the same one ever after. */
function whenNeeded<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Keycloak's own client, loaded when it is first needed: a broker that serves has no use for it. */
async function openClient(
  url: string,
  timeout: number,
  getAccessToken: () => Promise<string>,
): Promise<KeycloakAdminClient> {
  const { KeycloakAdminClient } = await import("@keycloak/keycloak-admin-client/lib/client.js");
  // A redirect would carry the body to whoever is named there.
  const client = new KeycloakAdminClient({
    baseUrl: url.replace(/\/+$/, ""),
    timeout,
    requestOptions: { redirect: "error" },
  });
  // Its own renewing is per call (20 calls at once: 20 token requests) and cannot renew client credentials.
  client.registerTokenProvider({ getAccessToken });
  return client;
}

/** The client answers an empty body as "", what is not there as null, and what is not JSON as the text it is. */
function answered<T>(answer: T): NonNullable<T> | undefined {
  if (answer === "") return undefined;
  if (typeof answer === "string") throw new SyntaxError("not JSON");
  return answer ?? undefined;
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
    const answer = await createFetch({ timeoutMs })(url, { method: "POST", body: new URLSearchParams(form) });
    status = answer.status;
    body = await answer.json().catch(() => undefined);
  } catch (thrown) {
    throw faultOf(operation, thrown);
  }
  const { access_token: token, expires_in: lifetime } = (body ?? {}) as Record<string, unknown>;
  if (status !== 200 || typeof token !== "string" || typeof lifetime !== "number") {
    const message =
      status === 401 || status === 400
        ? "the account was refused; check its name, its secret and the realm in the environment file"
        : `HTTP ${status}`;
    throw new Fault("keycloak", operation, { retryable: status >= 500, message });
  }
  return { token, lifetimeMs: lifetime * 1000 };
}
