import type { Instant, LoginId } from "../../core/index.ts";
import type { Client } from "../clients/registry.ts";
import type { Login, Rights } from "../logins/login.ts";
import type { Actor } from "../tokens/claims.ts";

/**
 * A request for tokens when the steps that all grants share are done: the client is who it says, may use the grant, and has
 * proved its key.
 */
export interface TokenRequest<Parameters> {
  readonly client: Client;
  /** Thumbprint of the key that the request proved, if any (RFC 9449). */
  readonly jkt: string | undefined;
  /** Where the program is, and what it calls itself. */
  readonly address: string;
  readonly userAgent: string;
  readonly parameters: Parameters;
}

/** What a grant gives: the rights of one answer, and the login behind them. */
export interface Granted {
  readonly loginId: LoginId;
  readonly login: Login;
  readonly rights: Rights;
  /** Of this answer; the login keeps its own. */
  readonly scope: readonly string[];
  readonly refreshToken?: string | undefined;
  /** For the ID token (OpenID Core section 3.1.2.1). */
  readonly nonce?: string | undefined;
  /** By token exchange: who acts in the person's name, and when the presented token ends. */
  readonly exchanged?: { readonly act: Actor; readonly until: Instant };
}
