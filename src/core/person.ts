import { createHash } from "node:crypto";
import { type IdentityProviderAlias, type Instant, instant, type SubjectId, type TenantName } from "./ids.ts";
import { freshSignIn } from "./lifetimes.ts";

/** What an identity provider said about a person: claim name → JSON value as it arrived. */
export type Claims = Readonly<Record<string, unknown>>;

/** A person as the broker knows one: identity is (issuer, subject) and tenant; everything else is display (S-34). */
export interface Person {
  readonly sub: SubjectId;
  readonly tenant: TenantName;
  /** The customer's identity provider the login came through. */
  readonly identityProvider: IdentityProviderAlias;
  /** Issuer and subject at the realm. */
  readonly realmIssuer: string;
  readonly realmSubject: string;
  /** For display only; may change and be re-used there. */
  readonly preferredUsername: string;
  /**
   * The user name in the identity provider's own letters, where targets get others (`o'brien` is shown as `o_brien`); to find
   * somebody by, and never sent anywhere.
   */
  readonly identityProviderUsername?: string;
  readonly name?: string;
  readonly email?: string;
  readonly emailVerified?: boolean;
  /** Authentication methods and class the realm reported (RFC 8176, OpenID Core). */
  readonly amr: readonly string[];
  readonly acr?: string;
  /** When the person proved who it is; absent when the realm did not say: then that is no time at all (S-75). */
  readonly authTime?: Instant;
  /** Claims as they arrived; the policy judges them. */
  readonly claims: Claims;
}

/** What rounding to seconds and the way of the realm's answer may make of a moment, in seconds. */
const blur = 5;

/** True when the person proved who it is at or after a moment, and the realm said so. */
export const provedSince = ({ authTime }: Person, moment: Instant): boolean =>
  authTime !== undefined && authTime + blur >= moment;

/** True when the person proved who it is a short while ago, as what destroys wants it. */
const isFresh = (person: Person, now: Instant): boolean => provedSince(person, instant(now - freshSignIn));

/**
 * The same, and by a proof of one of these classes (`acr`, OpenID Core section 2); by any, where none is named. What was proved
 * otherwise or long ago is stepped up (RFC 9470).
 */
export const provesEnough = (person: Person, now: Instant, classes: readonly string[]): boolean =>
  isFresh(person, now) && (classes.length === 0 || (person.acr !== undefined && classes.includes(person.acr)));

/**
 * The broker's subject of a person. Length-prefixed parts, so that no two (issuer, subject, tenant) can collide by
 * concatenation; 160 bits of SHA-256, safe in every place a user name may stand.
 */
export function subjectId(issuer: string, subject: string, tenant: TenantName): SubjectId {
  const hash = createHash("sha256");
  for (const part of [issuer, subject, tenant]) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return `p-${hash.digest("hex").slice(0, 40)}` as SubjectId;
}

/**
 * How the account of a person is called who lives in the realm: by where the person comes from and the e-mail address, as
 * accounts of identity providers are. Two tenants who invite one address have two accounts, and neither hears of the other.
 */
export const memberUsername = (alias: IdentityProviderAlias, email: string): string =>
  `${alias}.${email.normalize("NFC").toLowerCase()}`;

/** The user name as the identity provider gave it, in one Unicode form (`composed`). */
export const usernameThere = (person: Pick<Person, "preferredUsername" | "identityProviderUsername">): string =>
  person.identityProviderUsername ?? person.preferredUsername;
