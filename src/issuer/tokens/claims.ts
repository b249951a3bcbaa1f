import { type Instant, type MintedName, type Person, tenantUrn } from "../../core/index.ts";
import type { LoginMethod } from "../../policy/index.ts";

/** A client that acts in a person's name, and the one before it, if any. */
export interface Actor {
  readonly sub: string;
  readonly act?: Actor;
}

/** What one token is about. */
export interface TokenSubject {
  readonly person: Person;
  readonly clientId: string;
  /** The one audience. */
  readonly audience: string;
  readonly groups: readonly MintedName[];
  readonly scope: readonly string[];
  /** Id of the login. */
  readonly sid: string;
  /** How the person logged in; refresh and exchange keep it (S-12). */
  readonly loginMethod: LoginMethod;
  /** Thumbprint of the key that a presenter of the access token must prove (RFC 9449 section 6.1). */
  readonly jkt?: string;
  /** Who acts with the access token in the person's name (RFC 8693 section 4.1). */
  readonly act?: Actor;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

/**
 * Claims that say who it is, as far as the scope says so (OpenID Core section 5.4, decision 0042): without any, which
 * organization it is of, and how and when it signed in.
 */
export function personClaims(person: Person, scope: readonly string[]): Record<string, unknown> {
  const { preferredUsername, name, email } = person;
  return {
    tenant: tenantUrn(person.tenant),
    ...(scope.includes("profile") && { preferred_username: preferredUsername, ...(name !== undefined && { name }) }),
    ...(scope.includes("email") && email !== undefined && { email, email_verified: person.emailVerified ?? false }),
    ...(person.authTime !== undefined && { auth_time: person.authTime }),
    ...(person.amr.length > 0 && { amr: person.amr }),
    ...(person.acr !== undefined && { acr: person.acr }),
  };
}
