import type { LoginId, SubjectId, TargetName, TenantName } from "../core/index.ts";

/** What records have in common that are ended, or looked through, as one. A record may have several. */
export type Tag =
  /** All that hangs on one login. */
  | { readonly kind: "login"; readonly id: LoginId }
  /** All that is kept for a person: sessions, logins, refresh tokens, what the realm gave. */
  | { readonly kind: "person"; readonly sub: SubjectId }
  /** All that came of one sign-in at the realm: the browser's session and every login that was confirmed in it. */
  | { readonly kind: "sign-in"; readonly realmGrant: string }
  /** Sign-ins under one user name, by its keyed hash: the store does not learn the name (S-22). */
  | { readonly kind: "named"; readonly hash: string }
  /** Sign-ins in one session of the realm, and of one person of the realm, by keyed hashes. */
  | { readonly kind: "realm-session"; readonly hash: string }
  | { readonly kind: "realm-subject"; readonly hash: string }
  /** Everybody who is remembered to have logged in. */
  | { readonly kind: "known-people" }
  /** Those of one tenant, by name, for its managers. */
  | { readonly kind: "tenant-people"; readonly tenant: TenantName }
  /** When people of a tenant last got a token for a target. */
  | { readonly kind: "last-tokens"; readonly tenant: TenantName; readonly target: TargetName }
  /** What the people of one tenant asked for, and what one person did. Not ended with the person: the managers are told of it. */
  | { readonly kind: "access-requests"; readonly tenant: TenantName }
  | { readonly kind: "access-requests-of"; readonly sub: SubjectId }
  /** The grants of a tenant's reviews. */
  | { readonly kind: "review-items"; readonly tenant: TenantName }
  /** What clouds may know of anybody, or of one person. Not ended with the person: it says what is then to be taken back. */
  | { readonly kind: "cloud-grants"; readonly sub?: SubjectId }
  /** Every notice that waits to be told. */
  | { readonly kind: "outbox" }
  /** Sign-ins of whoever an identity provider's directory knows under one value, by its keyed hash. */
  | { readonly kind: "provisioned-as"; readonly hash: string };

/** A tag that records of lasting kinds may have: they are looked through by it, and never ended. */
export interface LookingTag {
  readonly kind: "provisioned";
  /** What an identity provider pushed or shows, or a tenant's all together, by its keyed hash. */
  readonly what: "users" | "groups" | "tokens";
  readonly hash: string;
}

/** True for a tag that ends nothing. */
export const isForLooking = (tag: Tag | LookingTag): tag is LookingTag => tag.kind === "provisioned";

/**
 * The text of a tag in keys and records, as release 0.1.0 wrote it (decision 0064). A login's id stands bare: it is a random
 * token and has no colon, so no other tag can be taken for it.
 */
export function storedTag(tag: Tag | LookingTag): string {
  switch (tag.kind) {
    case "login":
      return tag.id;
    case "person":
      return `person:${tag.sub}`;
    case "sign-in":
      return `grant:${tag.realmGrant}`;
    case "named":
    case "realm-session":
    case "realm-subject":
    case "provisioned-as":
      return `${tag.kind}:${tag.hash}`;
    case "known-people":
      return "ledger:logins";
    case "tenant-people":
    case "review-items":
    case "access-requests":
      return `${tag.kind}:${tag.tenant}`;
    case "last-tokens":
      return `last-tokens:${tag.tenant}:${tag.target}`;
    case "access-requests-of":
      return `${tag.kind}:${tag.sub}`;
    case "provisioned":
      return `provisioned:${tag.what}:${tag.hash}`;
    case "cloud-grants":
      return tag.sub === undefined ? "footholds" : `footholds:${tag.sub}`;
    case "outbox":
      return "outbox:notices";
  }
}
