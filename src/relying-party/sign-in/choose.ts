import { asciiLower, err, ok, type Result, refusal, type UpstreamAlias } from "../../core/index.ts";
import type { Tenant } from "../../policy/index.ts";
import type { OpenProvider, Providers } from "../identity-providers/identity-providers.ts";

/** What is known of where the person signs in. */
export interface Wish {
  /** The identity provider that a link or the person chose. */
  readonly idp: string | undefined;
  /** Domain of the e-mail address. */
  readonly domain?: string | undefined;
}

/** The one identity provider to go to, or those of which the person must say. */
export type Choice = { readonly alias: UpstreamAlias } | { readonly among: readonly OpenProvider[] };

/**
 * Which of a tenant's identity providers a person goes to: the one that was chosen, the one of the e-mail domain, the only
 * one that is open. One that is being tried out is offered where no other is open; its testers have a link (`idp=`).
 */
export function chooseProvider(
  providers: Pick<Providers, "open" | "closed">,
  tenant: Tenant,
  { idp, domain }: Wish,
): Result<Choice> {
  const [first] = tenant.upstreams;
  if (first === undefined) return err(refusal("unknown_tenant", "This organization has no identity provider yet."));
  if (idp !== undefined) return chosen(providers, tenant, idp);
  const open = providers.open(tenant.upstreams);
  const active = open.filter((one) => !one.isTesting);
  const among = active.length > 0 ? active : open;
  const [only] = among;
  if (only === undefined) return err(providers.closed(first) ?? refusal("provider_closed", "Nothing is open."));
  const asked = domain === undefined ? undefined : asciiLower(domain);
  const own = among.find(({ domains }) => asked !== undefined && domains.includes(asked));
  if (own !== undefined) return ok({ alias: own.alias });
  return ok(among.length === 1 ? { alias: only.alias } : { among });
}

function chosen(providers: Pick<Providers, "closed">, tenant: Tenant, idp: string): Result<Choice> {
  const alias = tenant.upstreams.find((known) => known === idp);
  if (alias === undefined) {
    return err(refusal("unknown_tenant", "The link names an identity provider that this organization does not have."));
  }
  const closed = providers.closed(alias);
  return closed ? err(closed) : ok({ alias });
}
