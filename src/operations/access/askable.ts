import { type ApiProblem, consoleTarget, err, ok, type Result, refusal, type Seconds } from "../../core/index.ts";
import { type OfferedSet, offeredSet } from "../console/offer.ts";
import type { Asker, RequestDeps } from "./deps.ts";

/** What somebody may ask for. */
export interface Askable {
  readonly sets: readonly OfferedSet[];
  /** The longest time that may be asked for; none when there is nothing to ask for. */
  readonly longest?: Seconds;
}

/** The sets that the asker's tenant lets people ask for, and where each may be given. */
export function whatMayBeAsked(
  deps: Pick<RequestDeps, "policy" | "policyFiles">,
  { person }: { readonly person: Pick<Asker["person"], "tenant"> },
): Result<Askable, ApiProblem> {
  if (deps.policyFiles?.repository === undefined) {
    const message = "nobody can give anything here on request. Ask the operator to set policyRepository";
    return err(refusal("forbidden", message));
  }
  const tenant = deps.policy.tenants.get(person.tenant);
  const requestable = deps.policy.rules.get(person.tenant)?.requestable;
  if (tenant === undefined || requestable === undefined) return ok({ sets: [] });
  const sets = requestable.sets.map((set) => {
    const offered = offeredSet(deps.policy, tenant, set);
    // Who looks after a tenant is said by its managers, and not by who wishes to.
    return { ...offered, at: new Map([...offered.at].filter(([target]) => target !== consoleTarget)) };
  });
  return ok({ sets: sets.filter(({ at }) => at.size > 0), longest: requestable.longest });
}
