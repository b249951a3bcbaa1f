import {
  composed,
  type IdentityProviderAlias,
  type Person,
  type Seal,
  type TenantName,
  usernameThere,
} from "../core/index.ts";
import type { Tag } from "../store/index.ts";

/** What a pushed user is found by. */
export type KeyAttribute = "userName" | "externalId";

/** What the configuration says of an identity provider that pushes its people. */
interface SourceOptions {
  readonly identityProvider: string;
  /** A pushed user is the person whose claim has the value of the attribute. */
  readonly match: { readonly attribute: KeyAttribute; readonly claim: string };
  /** Whether who was never pushed is refused. */
  readonly required: boolean;
}

/** An identity provider that pushes its people, and whose it is. */
export interface Source extends SourceOptions {
  readonly identityProvider: IdentityProviderAlias;
  readonly tenant: TenantName;
}

/** The identity providers that push, as configuration and policy say now. */
export interface Sources {
  /** `undefined` when it pushes nobody, or is no tenant's. */
  of(identityProvider: string): Source | undefined;
  ofTenant(tenant: TenantName): readonly Source[];
}

/** Whose an identity provider is, as the policy says now. */
type TenantOf = (alias: string) => { readonly name: TenantName } | undefined;

/** Reads what the configuration says; the tenant is looked up anew each time, since policies change. */
export function openSources(configured: readonly SourceOptions[], tenantOf: TenantOf): Sources {
  const byAlias = new Map(configured.map((options) => [options.identityProvider, options]));
  const of = (alias: string): Source | undefined => {
    const options = byAlias.get(alias);
    const tenant = options && tenantOf(alias);
    return options && tenant && { ...options, identityProvider: alias as IdentityProviderAlias, tenant: tenant.name };
  };
  return {
    of,
    ofTenant: (tenant) => [...byAlias.keys()].flatMap((alias) => of(alias) ?? []).filter((s) => s.tenant === tenant),
  };
}

/** Every letter but the Kelvin sign, whose lower case is the `k` of somebody else's name. */
const letters = /[^\u212a]+/gu;

/** A value as it is compared: user names without case (RFC 7643 section 4.1.1), in any script; ids to the letter. */
export const comparedAs = (attribute: KeyAttribute, value: string): string =>
  attribute === "userName" ? composed(composed(value).replace(letters, (text) => text.toLowerCase())) : value;

/**
 * The value by which a person is looked up among the pushed users; `undefined` when the person's claims do not say it. An
 * address counts only where it was verified: else anybody takes anybody's.
 */
export function valueOfPerson(source: Source, person: Person): string | undefined {
  const { attribute, claim } = source.match;
  const said = claim === "upstream_username" ? usernameThere(person) : person.claims[claim];
  if (typeof said !== "string" || said === "") return undefined;
  if (claim === "email" && person.emailVerified !== true) return undefined;
  return comparedAs(attribute, said);
}

/** The tag of sign-ins of whoever the source knows under a value. */
export const signInTag = (seal: Pick<Seal, "hash">, source: Source, compared: string): Tag => ({
  kind: "provisioned-as",
  hash: seal.hash("provisioned as", JSON.stringify([source.tenant, source.identityProvider, source.match, compared])),
});

/** Id of a record of a source. Another source's id for the same name is another one: foreign ids lead nowhere. */
export const recordId = (
  seal: Pick<Seal, "hash">,
  source: Pick<Source, "tenant" | "identityProvider">,
  ...names: string[]
) => seal.hash("provisioned", JSON.stringify([source.tenant, source.identityProvider, ...names]));
