import type { Instant, MintedName, Person, TargetName } from "../../core/index.ts";
import { type LoginMethod, tenantUrn } from "../../policy/index.ts";

/** RFC 8707 resource indicator of a target. */
export const resourceOf = (target: TargetName): string => `urn:cloudpass:target:${target}`;

/** Target named by a resource indicator, if it has the form of one. */
export const targetOf = (resource: string): TargetName | undefined =>
  /^urn:cloudpass:target:([a-z][a-z0-9-]{0,47})$/.exec(resource)?.[1] as TargetName | undefined;

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
  /** Id of the login's family. */
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
