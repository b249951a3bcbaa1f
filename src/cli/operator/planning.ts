import { Fault } from "../../core/index.ts";
import { type Applied, type Plan, type Step, sayApplied, sayPlan } from "../../targets/index.ts";
import { CommandFailure, exitCodes, faultFailure, plain } from "../failure.ts";
import { ask, isInteractive, show, type Terminal, tell } from "../terminal.ts";

/** One thing that can be planned: a realm, a cloud, a cluster. */
export interface Plannable {
  /** "realm scs", "cloud gx1" */
  readonly name: string;
  plan(): Promise<Planned>;
}

/** Its plan, and the way to carry it out. */
export interface Planned {
  readonly plan: Plan;
  apply(options: { readonly onStep: OnStep }): Promise<Applied>;
}

/** Told before each step and after it. */
type OnStep = (step: Step, state: "doing" | "done", index: number, total: number) => void;

/** A plan that was made, with what it is for. */
interface Made extends Planned {
  readonly name: string;
}

/** Shows what would change. Exit code 2 when something would, 1 when something is in the way. */
export async function showPlans(terminal: Terminal, things: readonly Plannable[], output: string): Promise<number> {
  const made = await makePlans(terminal, things);
  if (output === "json")
    show(
      terminal,
      JSON.stringify(
        made.map(({ plan }) => plan),
        undefined,
        2,
      ),
    );
  else for (const { plan } of made) show(terminal, sayPlan(plan));
  if (made.some(({ plan }) => plan.conflicts.length > 0)) return exitCodes.error;
  return made.some(hasSteps) ? exitCodes.changes : exitCodes.ok;
}

/** Plans, shows, asks, applies one after the other, and stops at the first that does not end as planned. */
export async function applyAll(terminal: Terminal, things: readonly Plannable[], yes: boolean): Promise<number> {
  const made = await makePlans(terminal, things);
  for (const { plan } of made) show(terminal, sayPlan(plan));
  if (made.some(({ plan }) => plan.conflicts.length > 0)) {
    throw new CommandFailure("nothing was applied: something is in the way", { fix: "see the lines marked ! above" });
  }
  if (!made.some(hasSteps)) {
    show(terminal, "nothing to do");
    return exitCodes.ok;
  }
  if (!yes) await confirm(terminal);
  for (const [n, it] of made.entries()) {
    if (!hasSteps(it)) continue;
    const applied = await it.apply({ onStep: progress(terminal, it.name) });
    show(terminal, `${it.name}: ${sayApplied(applied)}`);
    if (applied.outcome !== "applied") {
      const left = made
        .slice(n + 1)
        .filter(hasSteps)
        .map(({ name }) => name);
      if (left.length > 0) tell(terminal, `not begun: ${left.join(", ")}`);
      return applied.outcome === "stopped" && applied.fault.retryable ? exitCodes.unreachable : exitCodes.error;
    }
  }
  return exitCodes.ok;
}

const hasSteps = ({ plan }: Planned): boolean => plan.steps.length > 0;

async function makePlans(terminal: Terminal, things: readonly Plannable[]): Promise<Made[]> {
  const made: Made[] = [];
  for (const thing of things) {
    tell(terminal, `reading ${thing.name} …`);
    const { plan, apply } = await thing.plan().catch((problem: unknown) => {
      throw problem instanceof Fault ? faultFailure(problem, "Nothing was changed.") : problem;
    });
    made.push({ name: thing.name, plan, apply });
  }
  return made;
}

async function confirm(terminal: Terminal): Promise<void> {
  if (!isInteractive(terminal)) {
    throw new CommandFailure("nothing was applied: nobody could be asked", {
      means: "There is no terminal to ask “apply this?”.",
      fix: "read the plan, then run it again with --yes",
    });
  }
  const answer = await ask(terminal, "Apply this? Only “yes” applies it: ");
  if (answer.trim() !== "yes") throw new CommandFailure("nothing was applied: the answer was not “yes”");
}

/** One line a step, on stderr: `  cloud gx1 [3/17] create group …`. */
const progress =
  (terminal: Terminal, name: string): OnStep =>
  ({ action, kind, key }, state, index, total) => {
    if (state === "done") tell(terminal, plain(`  ${name} [${index + 1}/${total}] ${action} ${kind} ${key}`));
  };
