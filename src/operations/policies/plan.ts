import type { Clock, Random } from "../../core/index.ts";
import type { Policy, RemoteTarget } from "../../policy/index.ts";
import { applyTarget, planTarget, type TargetConnection } from "../../targets/index.ts";
import type { NamedEnvironment } from "../environment.ts";
import { type MadePlan, makePlans, type PlanSource } from "../plans/plan-source.ts";
import type { Listener } from "../progress.ts";
import { OperationRefused } from "../refused.ts";
import { connectionOf, knownTarget, nameOfTarget, noWayTo, selectTargets } from "../targets/reach.ts";

/** A target of the policy, with the way to it. */
export interface ReachableTarget {
  readonly policy: Policy;
  readonly target: RemoteTarget;
  readonly connection: TargetConnection;
}

/** Which targets are meant. */
interface TargetsWanted {
  readonly policy: Policy;
  readonly environment: NamedEnvironment;
  /** Names of clouds and clusters, each of which must be reachable; absent: all that are. */
  readonly only?: readonly string[];
}

/** The targets that the environment names a way to; the others are told and left out. Asks no server. */
export function reachTargets(
  { policy, environment, only }: TargetsWanted,
  { listener }: { readonly listener: Listener },
): readonly ReachableTarget[] {
  const reachable: ReachableTarget[] = [];
  for (const name of selectTargets(policy, only)) {
    const [target, connection] = [knownTarget(policy, name), connectionOf(policy, environment, name)];
    if (connection !== undefined) reachable.push({ policy, target, connection });
    else if (only === undefined) listener({ kind: "skipped", target: name });
    else throw noWayTo(environment, name);
  }
  if (reachable.length > 0) return reachable;
  throw new OperationRefused(`${environment.file} has no entry for any target of the policy`, {
    meaning: `The policy has: ${selectTargets(policy, undefined).join(", ")}.`,
    remedy: 'add them under "clouds" and "clusters"',
  });
}

/** Plans what makes clouds and clusters give what the policy says, and no more. Throws `Fault`. Writes nothing. */
export async function planTargets(
  reached: readonly ReachableTarget[],
  { clock, random, listener }: { readonly clock: Clock; readonly random: Random; readonly listener: Listener },
): Promise<MadePlan[]> {
  const things = reached.map(
    ({ policy, target, connection }): PlanSource => ({
      name: nameOfTarget(policy, target.name),
      plan: async () => {
        const planned = await planTarget(policy, target.name, connection, { clock, random });
        const { requests, leftOut, waiting, refused } = planned;
        listener({ kind: "read", requests, remarks: [...leftOut, ...waiting, ...refused] });
        return { plan: planned.plan, waiting, apply: (how) => applyTarget(planned, how) };
      },
    }),
  );
  return makePlans(things, listener);
}
