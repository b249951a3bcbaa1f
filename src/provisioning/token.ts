import {
  type IdentityProviderAlias,
  type Instant,
  instant,
  type Seconds,
  type TenantName,
  token,
} from "../core/index.ts";
import { defineKind, type LookingTag } from "../store/index.ts";
import type { ProvisioningDeps } from "./resource.ts";
import { recordId, type Source } from "./source.ts";

/** A token by which an identity provider pushes, without the secret itself. */
export interface ScimToken {
  /** What it is called in lists and the audit. */
  readonly id: string;
  readonly tenant: TenantName;
  readonly identityProvider: IdentityProviderAlias;
  /** Who made it. */
  readonly madeBy: string;
  readonly madeAt: Instant;
  readonly expiresAt: Instant;
}

/** Kept under the keyed hash of its secret. */
const tokenKind = defineKind<ScimToken>()(
  "scim-token",
  ["id", "tenant", "identityProvider", "madeBy", "madeAt", "expiresAt"],
  { lasting: true },
);

/** Begins every such token, so that a scanner of leaked secrets knows one. */
const scimTokenPrefix = "cloudpass-scim-";
const form = /^cloudpass-scim-[\w-]{43}$/;

/** So many an identity provider may have at a time: two while one is exchanged, and some that were forgotten. */
const mostTokens = 10;

type Deps = ProvisioningDeps;

const tagOf = ({ seal }: Pick<Deps, "seal">, source: Pick<Source, "tenant" | "identityProvider">): LookingTag => ({
  kind: "provisioned",
  what: "tokens",
  hash: recordId(seal, source, "tokens"),
});
/** Leads to a tenant's tokens also when their identity provider pushes no more, or is another tenant's by now. */
const tenantTag = ({ seal }: Pick<Deps, "seal">, tenant: TenantName): LookingTag => ({
  kind: "provisioned",
  what: "tokens",
  hash: seal.hash("provisioned tokens of tenant", tenant),
});

/** Makes a token, and answers its secret, which is kept nowhere. `undefined`: there are too many. */
export async function addToken(
  deps: Deps,
  source: Source,
  { madeBy, ttl }: { readonly madeBy: string; readonly ttl: Seconds },
): Promise<{ readonly secret: string; readonly token: ScimToken } | undefined> {
  const live = await deps.store.list(tokenKind, tagOf(deps, source));
  if (live.length >= mostTokens) return undefined;
  const secret = `${scimTokenPrefix}${token(deps.random)}`;
  const now = deps.clock.now();
  const made: ScimToken = {
    id: token(deps.random, 9),
    tenant: source.tenant,
    identityProvider: source.identityProvider,
    madeBy,
    madeAt: now,
    expiresAt: instant(now + ttl),
  };
  const tags = [tagOf(deps, source), tenantTag(deps, source.tenant)];
  await deps.store.put(tokenKind, deps.seal.hash("scim token", secret), made, { ttl, tags });
  return { secret, token: made };
}

/** The tokens of a tenant, what ends first comes first; also of identity providers that push no more, and may again. */
export async function listTokens(
  deps: Pick<Deps, "store" | "seal">,
  tenant: TenantName,
): Promise<readonly ScimToken[]> {
  return (await deps.store.list(tokenKind, tenantTag(deps, tenant))).map(({ value }) => value);
}

/** Ends a token. Answers it; `undefined` when the tenant has none of that id. */
export async function removeToken(
  deps: Pick<Deps, "store" | "seal">,
  tenant: TenantName,
  id: string,
): Promise<ScimToken | undefined> {
  const all = await deps.store.list(tokenKind, tenantTag(deps, tenant));
  const found = all.find(({ value }) => value.id === id);
  if (found === undefined) return undefined;
  await deps.store.take(tokenKind, found.id);
  return found.value;
}

/** The living token of a secret. What has another form is looked up nowhere. */
export async function tokenOf(
  { store, seal, clock }: Pick<Deps, "store" | "seal" | "clock">,
  secret: string,
): Promise<ScimToken | undefined> {
  if (!form.test(secret)) return undefined;
  const found = await store.get(tokenKind, seal.hash("scim token", secret));
  return found !== undefined && found.expiresAt > clock.now() ? found : undefined;
}
