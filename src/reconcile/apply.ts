import { Fault } from "../core/index.ts";
import { type Applied, type ApplyOptions, deletesOf } from "./applied.ts";
import type { Driver } from "./driver.ts";
import { execute } from "./execute.ts";
import { type HeldLease, takeLease } from "./lease.ts";
import { whatMoved } from "./moved.ts";
import { ownershipOf, sizeOf } from "./ownership-records.ts";
import { readWorld, type Work, type World, workFrom } from "./plan.ts";
import type { Resource } from "./resource.ts";
import type { Plan, Step } from "./steps.ts";
import { notedAtTheEnd } from "./unsaid.ts";

/**
 * Executes a plan and nothing else. Reads the world first: when the plan's ground has moved since, nothing is done.
 * Throws the driver's `Fault` only if the first readings fail; from the first step on, a fault is in the answer.
 */
export async function applyPlan(
  driver: Driver,
  desired: readonly Resource[],
  plan: Plan,
  options: ApplyOptions = {},
): Promise<Applied> {
  const { maxDeletes: max = Number.POSITIVE_INFINITY } = options;
  if (deletesOf(plan) > max) return { outcome: "too-many-deletes", done: [], deletes: deletesOf(plan), max };
  const wanted = plan.steps.length > 0 || plan.repairs > 0;
  const lease =
    driver.lease !== undefined && options.lease !== undefined && wanted
      ? await takeLease(driver.lease, options.lease)
      : undefined;
  if (lease !== undefined && "holder" in lease) return { outcome: "held", done: [], by: lease };
  try {
    const applied = await applyHeld(driver, desired, plan, options, lease);
    await options.onEnd?.(applied).catch(ignoreFault);
    return applied;
  } finally {
    // A lease that cannot be given back ends by itself.
    await lease?.release().catch(ignoreFault);
  }
}

async function applyHeld(
  driver: Driver,
  desired: readonly Resource[],
  plan: Plan,
  options: ApplyOptions,
  lease: HeldLease | undefined,
): Promise<Applied> {
  const world = await readWorld(driver, desired, options.planning);
  const work = workFrom(driver, desired, world, options.planning);
  const moved = whatMoved(plan, work.plan);
  if (moved !== undefined) return { outcome: "stale", done: [], ...moved };
  if (work.plan.conflicts.length > 0) return { outcome: "conflict", done: [], conflicts: work.plan.conflicts };
  return carryOut(driver, desired, work, world, options, lease);
}

async function carryOut(
  driver: Driver,
  desired: readonly Resource[],
  work: Work,
  world: World,
  options: ApplyOptions,
  lease: HeldLease | undefined,
): Promise<Applied> {
  const { steps } = work.plan;
  if (steps.length === 0) {
    await putRight(driver, world, work);
    return { outcome: "applied", done: [] };
  }
  const { done, failed, fault } = await execute(driver, work, options, lease);
  const over = new Set([...done, ...failed]);
  const left = steps.filter((s) => !over.has(s));
  if (fault !== undefined) return { outcome: "stopped", done, failed, fault, left };
  return left.length > 0 ? { outcome: "interrupted", done, left } : verify(driver, desired, done, options);
}

async function verify(
  driver: Driver,
  desired: readonly Resource[],
  done: readonly Step[],
  options: ApplyOptions,
): Promise<Applied> {
  const tries = options.settle?.tries ?? 1;
  try {
    for (let attempt = 1; ; attempt++) {
      const world = await readWorld(driver, desired, options.planning);
      const now = workFrom(driver, desired, world, options.planning);
      const remaining = now.plan;
      const settled = remaining.steps.length === 0 && remaining.conflicts.length === 0;
      if (settled || attempt >= tries) {
        await putRight(driver, world, settled ? now : undefined);
        return settled ? { outcome: "applied", done } : { outcome: "unsettled", done, remaining };
      }
      await options.settle?.clock.sleep(options.settle.pauseMs);
    }
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return { outcome: "unverified", done, fault: thrown };
  }
}

/**
 * Turns intents into entries, and forgets what is gone: the end of every run, and what repairs one that died. If the world
 * is as wanted, the notes of what was written into what belongs to everybody are brought up to date, too.
 */
async function putRight(driver: Driver, { ownership, observed }: World, settled: Work | undefined): Promise<void> {
  if (ownership === undefined) return;
  const { repairs } = ownershipOf(ownership, observed);
  const change = { ...repairs, ...(settled && notedAtTheEnd(settled.desired, settled.observed, settled.unsaid)) };
  if (sizeOf(change) > 0) await driver.ownership?.change(change);
}

function ignoreFault(thrown: unknown): void {
  if (!(thrown instanceof Fault)) throw thrown;
}
