/** A value of a plain type that may not be passed where another brand of the same type is wanted. */
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
declare const brand: unique symbol;

/** A length of time in whole seconds. */
export type Seconds = Brand<number, "Seconds">;
/** A moment: whole seconds since 1970-01-01T00:00:00Z (RFC 7519 NumericDate). */
export type Instant = Brand<number, "Instant">;
/** Name of a cloud or cluster; also its audience and its public client id. */
export type TargetName = Brand<string, "TargetName">;
/** Name of a customer. */
export type TenantName = Brand<string, "TenantName">;
/** Alias of a customer's identity provider inside the realm. */
export type IdentityProviderAlias = Brand<string, "IdentityProviderAlias">;
/** A group name made by us: `[a-z0-9.-]`, at most 64 characters, never containing "name" (Keystone's mapping engine chokes on it). */
export type MintedName = Brand<string, "MintedName">;
/** The broker's own stable identifier of a person: derived from (realm's issuer, subject there, tenant) and nothing else. */
export type SubjectId = Brand<string, "SubjectId">;
/** A login: all that hangs on one confirmed sign-in of a program. */
export type LoginId = Brand<string, "LoginId">;
/** A commit of the repository that holds the policy files: its full id in hexadecimal. */
export type CommitId = Brand<string, "CommitId">;

/** Marks a number as a length of time in seconds. */
export const seconds = (n: number): Seconds => n as Seconds;
/** Marks a number as a moment in seconds since the epoch. */
export const instant = (n: number): Instant => n as Instant;
/** What a policy calls the console; also the audience of its tokens. */
export const consoleTarget = "console" as TargetName;
