import type { KeyHolder } from "../support/key-holder.ts";

/** Tokens of one login. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string;
  readonly id: string;
}

/** An issuer under comparison, and the ways to bring it into a state: the same words for both. */
export interface World {
  readonly issuer: string;
  /** The key of the robot's assertions and of all proofs of possession. */
  readonly key: KeyHolder;
  /** An authorization code of the client `app`, made for `redirectUri` and `verifier`. */
  code(): Promise<string>;
  /** A device code of the client `app`. */
  deviceCode(state: "pending" | "approved" | "denied"): Promise<string>;
  /** A login of this client, for this one request. */
  tokens(client: ClientName): Promise<Tokens>;
  /** A login of this client that no request ends or renews. */
  lasting(client: ClientName): Promise<Tokens>;
  stop(): Promise<void>;
}

/** `app` and `other` are public, `vault` has a secret, `bound` is public and must prove a key, `robot` has a key and no person. */
export type ClientName = "app" | "other" | "vault" | "bound" | "robot";

/** The tokens of an answer. */
export const tokensIn = (body: Readonly<Record<string, unknown>>): Tokens => ({
  access: String(body["access_token"]),
  refresh: String(body["refresh_token"]),
  id: String(body["id_token"]),
});

/** A function that is asked once for each client. */
export function once(make: (client: ClientName) => Promise<Tokens>): World["lasting"] {
  const made = new Map<ClientName, Promise<Tokens>>();
  return (client) => {
    const tokens = made.get(client) ?? make(client);
    made.set(client, tokens);
    return tokens;
  };
}

/** What both issuers know of the clients. */
export const known = {
  redirectUri: "https://app.example/cb",
  afterLogout: "https://app.example/bye",
  secret: "the secret of the vault, 40 characters :)",
  verifier: "v".repeat(56),
  resource: "urn:cloudpass:target:gx1",
  scope: "openid profile offline_access",
} as const;

/** HTTP Basic of the client with a secret (RFC 6749 section 2.3.1). */
export const basic = (secret: string = known.secret, id = "vault"): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`;
