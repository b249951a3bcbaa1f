import { createHash, timingSafeEqual } from "node:crypto";
import { err, type OAuthError, ok, type Result, refusal } from "../../core/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { assertionFault } from "./assertion.ts";
import { chargeWrongSecret, mayProve } from "./guesses.ts";
import type { Client } from "./registry.ts";

const unknown = (detail: string) =>
  err(refusal("invalid_client", "the client is not known, or its credentials are wrong", detail));

/** What somebody brings to prove which client it is. Public clients bring a name alone. */
export type ClientCredentials =
  | { readonly kind: "none"; readonly id: string }
  /** The secret as sent, in each reading that it may have. */
  | { readonly kind: "secret"; readonly id: string; readonly readings: readonly string[] }
  | { readonly kind: "assertion"; readonly id: string; readonly assertion: string };

/** What it takes to know a client by its credentials. */
export type AuthenticationDeps = Pick<
  IssuerDeps,
  "issuer" | "clients" | "clock" | "store" | "seal" | "audit" | "networks"
>;

/**
 * Which client asks (RFC 6749 section 2.3, RFC 7523). Public clients name themselves in the body or by HTTP Basic with an
 * empty secret (oidc-agent always sends Basic; keystoneauth sends both). An unknown client and wrong credentials get one
 * answer, after the same work (S-58); a failure uses nothing up, since x/oauth2 tries one way and then the other.
 */
export async function authenticateClient(
  deps: AuthenticationDeps,
  credentials: ClientCredentials,
  address: string,
): Promise<Result<Client, OAuthError>> {
  const { id, kind } = credentials;
  const client = deps.clients.get(id);
  const fault = await faultOf(deps, client, credentials);
  const guesser = { id, address };
  if (client && fault === undefined) {
    const counts = kind === "secret" ? await mayProve(deps, guesser) : ok(undefined);
    return counts.ok ? ok(client) : counts;
  }
  const charged = kind === "secret" ? await chargeWrongSecret(deps, guesser) : ok(undefined);
  const detail = client ? (fault ?? "") : "unknown client_id";
  if (client && client.authentication.kind !== "none") {
    deps.audit.record("client.refused", { client: id, method: kind, address, detail });
  }
  return charged.ok ? unknown(detail) : charged;
}

/** What is wrong with the credentials; `undefined` when they prove the client. */
async function faultOf(
  deps: AuthenticationDeps,
  client: Client | undefined,
  offered: ClientCredentials,
): Promise<string | undefined> {
  const { authentication } = client ?? {};
  switch (offered.kind) {
    case "none":
      return authentication?.kind === "none" ? undefined : "no credentials";
    case "secret": {
      const known = authentication?.kind === "secret" ? authentication.secret.reveal() : "";
      const fits = offered.readings.map((reading) => sameSecret(reading, known)).includes(true);
      return authentication?.kind === "secret" && fits ? undefined : "wrong secret, or a client without one";
    }
    case "assertion":
      return assertionFault(deps, client, offered);
  }
}

/** Compares in time that depends on the offered secret's length only: hashes are of one length. */
function sameSecret(offered: string, known: string): boolean {
  const [a, b] = [offered, known].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
