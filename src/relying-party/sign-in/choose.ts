import {
  asciiLower,
  err,
  type IdentityProviderAlias,
  ok,
  type PageError,
  type Result,
  refusal,
} from "../../core/index.ts";
import type { Tenant } from "../../policy/index.ts";
import type { IdentityProviders, OpenIdentityProvider } from "../identity-providers/identity-providers.ts";

/** What is known of where the person signs in. */
export interface Wish {
  /** The identity provider that a link or the person chose. */
  readonly identityProvider: string | undefined;
  /** Domain of the e-mail address. */
  readonly domain?: string | undefined;
}

/** The one identity provider to go to, or those of which the person must say. */
type Choice =
  | { readonly identityProvider: IdentityProviderAlias }
  | { readonly among: readonly OpenIdentityProvider[] };

/**
 * Which of a tenant's identity providers a person goes to: the one that was chosen, the one of the e-mail domain, the only
 * one that is open. One that is being tried out is offered where no other is open; its testers have a link (`idp=`).
 */
export function chooseIdentityProvider(
  identityProviders: Pick<IdentityProviders, "open" | "closed">,
  tenant: Tenant,
  { identityProvider, domain }: Wish,
): Result<Choice, PageError> {
  const [first] = tenant.identityProviders;
  if (first === undefined) return err(refusal("unknown_tenant", "This organization has no identity provider yet."));
  if (identityProvider !== undefined) return chosen(identityProviders, tenant, identityProvider);
  const open = identityProviders.open(tenant.identityProviders);
  const active = open.filter((one) => !one.isTesting);
  const among = active.length > 0 ? active : open;
  const [only] = among;
  if (only === undefined) return err(identityProviders.closed(first) ?? refusal("provider_closed", "Nothing is open."));
  const asked = domain === undefined ? undefined : asciiLower(domain);
  const own = among.find(({ domains }) => asked !== undefined && domains.includes(asked));
  if (own !== undefined) return ok({ identityProvider: own.alias });
  return ok(among.length === 1 ? { identityProvider: only.alias } : { among });
}

function chosen(
  identityProviders: Pick<IdentityProviders, "closed">,
  tenant: Tenant,
  identityProvider: string,
): Result<Choice, PageError> {
  const alias = tenant.identityProviders.find((known) => known === identityProvider);
  if (alias === undefined) {
    return err(refusal("unknown_tenant", "The link names an identity provider that this organization does not have."));
  }
  const closed = identityProviders.closed(alias);
  return closed ? err(closed) : ok({ identityProvider: alias });
}
