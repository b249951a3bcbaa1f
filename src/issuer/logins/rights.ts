import {
  err,
  loginRefused,
  type OAuthError,
  ok,
  type Person,
  type Result,
  refusal,
  type TargetName,
  targetOfUrn,
} from "../../core/index.ts";
import { groupsFor, type LoginFacts } from "../../policy/index.ts";
import type { IssuerDeps } from "../deps.ts";
import type { LoginMethod, Rights } from "./login.ts";

type Deps = Pick<IssuerDeps, "policy" | "clock" | "issuer">;

/** Who asks for what, as the policy judges it. */
export interface Asking {
  readonly person: Person;
  readonly client: string;
  readonly loginMethod: LoginMethod;
}

/** Target that a request names by `resource` (RFC 8707), within what the client may have. `undefined` = this issuer's own APIs. */
export function readResource(
  deps: Pick<IssuerDeps, "policy" | "issuer">,
  own: TargetName | undefined,
  resource: string | undefined,
): Result<TargetName | undefined, OAuthError> {
  if (resource === undefined || resource === "") return ok(own);
  if (resource === deps.issuer && own === undefined) return ok(undefined);
  const target = targetOfUrn(resource);
  if (target === undefined || !deps.policy.targets.has(target)) {
    return err(refusal("invalid_target", "the resource is not known: use urn:cloudpass:target:NAME"));
  }
  if (own !== undefined && own !== target) {
    return err(refusal("invalid_target", `this client, or this login, gets tokens for ${own} only`));
  }
  return ok(target);
}

/** Decides a person's rights on one audience, now. Nobody gets a token for a target without a right there. */
export function decideRights(deps: Deps, asking: Asking, target: TargetName | undefined): Result<Rights, OAuthError> {
  if (target === undefined) return ok({ audience: deps.issuer, groups: [] });
  const decision = decideFor(deps, asking, target);
  if (decision.kind === "unknown") {
    const message = "your groups could not be read completely from your identity provider";
    return err(refusal("nothing_entitled", message, decision.because));
  }
  const groups = groupsFor(decision, target);
  if (groups.length === 0) {
    return err(refusal("nothing_entitled", decision.withheld ? loginRefused.needsBrowser : `no right on ${target}`));
  }
  return ok({ audience: target, groups, ...(decision.until !== undefined && { until: decision.until }) });
}

/** The policy's decision about a person who asks through a client. */
export const decideFor = (deps: Pick<Deps, "policy" | "clock">, asking: Asking, target?: TargetName) =>
  deps.policy.decide(factsOf(deps, asking), target);

/** What the policy judges a login by, now. */
export function factsOf({ clock }: Pick<Deps, "clock">, { person, client, loginMethod }: Asking): LoginFacts {
  return {
    tenant: person.tenant,
    identityProvider: person.identityProvider,
    claims: person.claims,
    amr: person.amr,
    ...(person.acr !== undefined && { acr: person.acr }),
    loginMethod,
    client,
    at: clock.now(),
  };
}
