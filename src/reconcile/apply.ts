import { Bug, type Clock, Fault } from "../core/index.ts";
import { canonical, withValue } from "./plain.ts";
import { type Conflict, type Plan, planFrom, type Step } from "./plan.ts";
import { type Driver, identityOf, type Observed, type Resource } from "./resource.ts";

/** How an apply ended. `done` always tells what was really done. */
export type Applied =
  /** All steps done, read back, and the world is as wanted. */
  | { readonly outcome: "applied"; readonly done: readonly Step[] }
  /** All steps done, but reading back shows differences: someone else writes too, or the product did not take a value. */
  | { readonly outcome: "unsettled"; readonly done: readonly Step[]; readonly remaining: Plan }
  /** All steps done, but the world could not be read back. */
  | { readonly outcome: "unverified"; readonly done: readonly Step[]; readonly fault: Fault }
  /** A step failed; it may have taken effect. Running again carries on from what is then there. */
  | {
      readonly outcome: "stopped";
      readonly done: readonly Step[];
      readonly failed: Step;
      readonly fault: Fault;
      readonly left: readonly Step[];
    }
  /** Nothing was done: the ground of the plan has moved. `moved` names the resources, or says that the files did. */
  | { readonly outcome: "stale"; readonly done: readonly []; readonly moved: readonly string[] }
  /** Nothing was done: these stand in the way. */
  | { readonly outcome: "conflict"; readonly done: readonly []; readonly conflicts: readonly Conflict[] };

/** How to apply. */
export interface ApplyOptions {
  /** Told before each step (`doing`) and after it (`done`). */
  readonly onStep?: (step: Step, state: "doing" | "done", index: number, total: number) => void;
  /** For products that show a change late: reads back up to `tries` times, `pauseMs` apart. Default: once. */
  readonly settle?: { readonly clock: Clock; readonly tries: number; readonly pauseMs: number };
}

/**
 * Executes a plan and nothing else. Reads the world first: when the plan's ground has moved since, nothing is done.
 * Throws the driver's `Fault` only if that first reading fails; from the first step on, a fault is in the answer.
 */
export async function applyPlan(
  driver: Driver,
  desired: readonly Resource[],
  plan: Plan,
  options: ApplyOptions = {},
): Promise<Applied> {
  const observed = await driver.read(desired);
  const fresh = planFrom(driver, desired, observed);
  const moved = whatMoved(plan, fresh);
  if (moved.length > 0) return { outcome: "stale", done: [], moved };
  if (fresh.conflicts.length > 0) return { outcome: "conflict", done: [], conflicts: fresh.conflicts };
  const run = makeRun(driver, desired, observed, fresh.steps);
  const done: Step[] = [];
  for (const [index, step] of fresh.steps.entries()) {
    options.onStep?.(step, "doing", index, fresh.steps.length);
    try {
      await run(step, index);
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      return { outcome: "stopped", done, failed: step, fault: thrown, left: fresh.steps.slice(index + 1) };
    }
    done.push(step);
    options.onStep?.(step, "done", index, fresh.steps.length);
  }
  return done.length === 0 ? { outcome: "applied", done } : verify(driver, desired, done, options);
}

/** The resources (or "the wanted state", "the plan itself") in which two plans differ. */
function whatMoved(plan: Plan, fresh: Plan): string[] {
  if (plan.driver !== fresh.driver) return [`the plan is for ${plan.driver}, not for ${fresh.driver}`];
  if (plan.desired !== fresh.desired) return ["the wanted state (files or secrets changed since the plan was made)"];
  const ids = new Set([...Object.keys(plan.observed), ...Object.keys(fresh.observed)]);
  const moved = [...ids].filter((id) => plan.observed[id] !== fresh.observed[id]).sort();
  if (moved.length > 0) return moved;
  return canonical(plan.steps) === canonical(fresh.steps)
    ? []
    : ["the plan itself (it was edited or made by another version)"];
}

/** One function that does one step, keeping in mind what earlier steps of this run have changed. */
function makeRun(
  driver: Driver,
  desired: readonly Resource[],
  observed: readonly Observed[],
  steps: readonly Step[],
): (step: Step, index: number) => Promise<void> {
  const wanted = new Map(desired.map((r) => [identityOf(r), r]));
  const there = new Map(observed.map((o) => [identityOf(o), o]));
  return async (step, index) => {
    const id = identityOf(step);
    const before = there.get(id);
    if (step.action === "delete") {
      if (before === undefined) throw new Bug(`nothing to delete under "${id}"`);
      await driver.remove(before);
      there.delete(id);
      return;
    }
    const target = wanted.get(id);
    if (target === undefined) throw new Bug(`nothing wanted under "${id}"`);
    if (step.action === "create") return driver.create(target);
    if (before === undefined) throw new Bug(`nothing to update under "${id}"`);
    // A step that only takes away leaves what a later step changes as it still is.
    const later = steps.slice(index + 1).filter((s) => s.action === "update" && identityOf(s) === id);
    const fields = later
      .flatMap((s) => s.changes)
      .filter((c) => !c.secret)
      .reduce((map, c) => withValue(map, c.path, c.from), target.fields);
    await driver.update({ ...target, fields }, before, step.changes);
    const after = step.changes.filter((c) => !c.secret).reduce((m, c) => withValue(m, c.path, c.to), before.fields);
    there.set(id, { ...before, fields: after });
  };
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
      const remaining = planFrom(driver, desired, await driver.read(desired));
      if (remaining.steps.length === 0 && remaining.conflicts.length === 0) return { outcome: "applied", done };
      if (attempt >= tries) return { outcome: "unsettled", done, remaining };
      await options.settle?.clock.sleep(options.settle.pauseMs);
    }
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return { outcome: "unverified", done, fault: thrown };
  }
}
