import { err, ok, type Result, refusal, type ScimError, seconds } from "../core/index.ts";
import type { Request } from "../http/index.ts";
import { type Pusher, reachableTenants } from "../operations/index.ts";
import { type Source, tokenOf } from "../provisioning/index.ts";
import type { ScimDeps } from "./deps.ts";

/** Requests of one identity provider: Entra asks some dozen times a second at its first round. */
const requests = { name: "scim-requests", limit: 6_000, window: seconds(60) } as const;
/** Refused tokens of one network. A secret has 256 bits, so this is for the audit's sake. */
const refusedTokens = { name: "scim-refused", limit: 60, window: seconds(600) } as const;

type Asker = Pick<Request, "method" | "path" | "address" | "authorization" | "dpop">;

/**
 * Who pushes: by a token that is good for nothing else, or a robot of the tenant with an access token for the console. People are
 * refused: what a directory says is not said by hand.
 */
export async function pusherOf(deps: ScimDeps, asker: Asker): Promise<Result<Pusher, ScimError>> {
  const secret = /^bearer +(cloudpass-scim-[^ ]*)$/i.exec(asker.authorization ?? "")?.[1];
  const pusher = secret === undefined ? await robot(deps, asker) : await holder(deps, secret);
  if (!pusher.ok) return refused(deps, asker, pusher.refusal);
  const { tenant, identityProvider } = pusher.value.source;
  const key = deps.seal.hash("scim requests", JSON.stringify([tenant, identityProvider]));
  const budget = await deps.store.spend(requests, key);
  return budget.granted ? pusher : err(refusal("too_many_requests", "too many requests: wait a minute"));
}

async function holder(deps: ScimDeps, secret: string): Promise<Result<Pusher, ScimError>> {
  const found = await tokenOf(deps, secret);
  if (found === undefined) return err(refusal("invalid_token", "the token is none, is over, or was revoked"));
  const source = deps.sources.of(found.identityProvider);
  // An alias that became another tenant's: what was given to the one is not the other's.
  if (source === undefined || source.tenant !== found.tenant)
    return err(refusal("invalid_token", "the identity provider of the token does not push any more"));
  return ok({ source, by: found.id });
}

async function robot(deps: ScimDeps, asker: Asker): Promise<Result<Pusher, ScimError>> {
  const caller = await deps.bearerOf(asker);
  if (!caller.ok) return caller;
  if (caller.value.loginMethod !== "machine")
    return err(refusal("forbidden", "people do not push here: make a token with cloudpass tenant scim create-token"));
  const reachable = reachableTenants(deps, caller.value);
  if (!reachable.ok) return err(refusal("forbidden", reachable.refusal.message, reachable.refusal.detail));
  const own = reachable.value.filter(
    ({ tenant, mayManage }) => mayManage && tenant.name === caller.value.person.tenant,
  );
  const sources: readonly Source[] = own.flatMap(({ tenant }) => deps.sources.ofTenant(tenant.name));
  const [only, ...others] = sources;
  return only !== undefined && others.length === 0
    ? ok({ source: only, by: caller.value.client })
    : err(
        refusal(
          "forbidden",
          "the robot's tenant has not exactly one identity provider that pushes: use a token of its own",
        ),
      );
}

async function refused(deps: ScimDeps, { address }: Asker, why: ScimError): Promise<Result<never, ScimError>> {
  if (!(await deps.store.spendAll(deps.networks.costs(refusedTokens, address))))
    return err(refusal("too_many_requests", "too many tokens that are none: wait some minutes"));
  deps.audit.record("scim.refused", { address, detail: why.detail ?? why.message });
  return err(why);
}
