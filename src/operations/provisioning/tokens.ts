import { type ApiProblem, err, isoTime, ok, type Result, refusal, type Seconds, seconds } from "../../core/index.ts";
import {
  addToken,
  listTokens,
  type ProvisioningDeps,
  removeToken,
  type ScimToken,
  type Source,
  type Sources,
} from "../../provisioning/index.ts";
import { type Caller, reachTenant, reachToManage } from "../console/caller.ts";
import type { ConsoleDeps } from "../console/deps.ts";

/** What operations on a tenant's tokens work with. */
export interface ScimTokenDeps
  extends Pick<ConsoleDeps, "policy" | "clock" | "store" | "audit">,
    Pick<ProvisioningDeps, "seal" | "random"> {
  readonly sources: Sources;
}

const day = 86_400;
/** How long a token is good unless somebody says otherwise, and at most. */
export const scimTokenDays = { usual: 180, most: 366 } as const;

/** Whose token is meant. */
interface Named {
  readonly tenant: string;
  /** Alias; may be absent where the tenant has one identity provider that pushes. */
  readonly identityProvider?: string | undefined;
}

/** A token that was made, and its secret. */
export interface MadeScimToken {
  readonly secret: string;
  readonly token: ScimToken;
}

/** What a tenant's directories push by. */
export interface ShownDirectory {
  /** Aliases of those that push. */
  readonly identityProviders: readonly string[];
  readonly tokens: readonly ScimToken[];
}

/** Which identity providers of a tenant push, and the tokens that are good now, or will be when theirs pushes again. */
export async function showDirectory(
  { tenant }: Pick<Named, "tenant">,
  deps: ScimTokenDeps,
  caller: Caller,
): Promise<Result<ShownDirectory, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const { name } = reached.value.tenant;
  const sources = deps.sources.ofTenant(name);
  const tokens = await listTokens(deps, name);
  return ok({ identityProviders: sources.map(({ identityProvider }) => identityProvider), tokens });
}

/** Makes a token for an identity provider of the tenant. Its secret is answered once, and kept nowhere. */
export async function makeScimToken(
  { tenant, identityProvider, days = scimTokenDays.usual }: Named & { readonly days?: number | undefined },
  deps: ScimTokenDeps,
  caller: Caller,
): Promise<Result<MadeScimToken, ApiProblem>> {
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const source = oneSource(deps.sources.ofTenant(reached.value.tenant.name), identityProvider);
  if (!source.ok) return source;
  const ttl: Seconds = seconds(days * day);
  const made = await addToken(deps, source.value, { madeBy: caller.person.sub, ttl });
  if (made === undefined) {
    const message = "this identity provider has as many tokens as it may have. Revoke one that is not used";
    return err(refusal("conflict", message));
  }
  const { id, expiresAt } = made.token;
  const { tenant: name, identityProvider: upstream } = source.value;
  const fields = { tenant: name, upstream, id, sub: caller.person.sub };
  deps.audit.record("scim.token_made", { ...fields, expires: isoTime(expiresAt) });
  return ok(made);
}

/** Ends a token of the tenant: what comes with it is refused from now on. */
export async function revokeScimToken(
  { tenant, token: id }: Pick<Named, "tenant"> & { readonly token: string },
  deps: ScimTokenDeps,
  caller: Caller,
): Promise<Result<ScimToken, ApiProblem>> {
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const removed = await removeToken(deps, reached.value.tenant.name, id);
  if (removed === undefined) return err(refusal("not_found", "there is no such token"));
  const { tenant: name, identityProvider: upstream } = removed;
  deps.audit.record("scim.token_revoked", { tenant: name, upstream, id, sub: caller.person.sub });
  return ok(removed);
}

function oneSource(sources: readonly Source[], named: string | undefined): Result<Source, ApiProblem> {
  const found = named === undefined ? sources : sources.filter(({ identityProvider }) => identityProvider === named);
  const [only, ...others] = found;
  if (only === undefined) {
    const message =
      "no such identity provider of the tenant pushes its people. Ask your operator to name it under scim";
    return err({
      ...refusal("invalid_input", message),
      errors: [{ pointer: "/body/identity_provider", detail: message }],
    });
  }
  if (others.length > 0) {
    const message = `the tenant has several identity providers that push: ${found.map((s) => s.identityProvider).join(", ")}`;
    return err({
      ...refusal("invalid_input", message),
      errors: [{ pointer: "/body/identity_provider", detail: message }],
    });
  }
  return ok(only);
}
