import { Fault } from "../../core/index.ts";
import { type Applied, formatApplied, formatDeletes, formatPlan, type Plan, savePlans } from "../../targets/index.ts";
import { CommandFailure, exitCodes, faultFailure, plain } from "../failure.ts";
import { notify, show, type Terminal } from "../terminal.ts";
import { confirmSteps, confirmYes } from "./confirm.ts";
import { untilInterrupted } from "./interrupt.ts";
import { leaseFor, matchSaved, writePlans } from "./plan-files.ts";
import type { Made, OnStep, Plannable, Planned } from "./planned.ts";

/** What `plan` may be told. */
export interface PlanFlags {
  readonly output: string;
  /** Writes the plans there. */
  readonly out?: string;
  /** Says when apply would refuse for its number of deletions. */
  readonly maxDeletes?: number;
}

/** What `apply` may be told. */
export interface ApplyFlags {
  readonly yes?: boolean;
  /** Names that were typed ahead. */
  readonly confirm?: readonly string[];
  readonly maxDeletes?: number;
  /** A file of plans made earlier: those are carried out, or nothing. */
  readonly plan?: string;
  /** `json`: how it ended stands on standard output, and everything else on standard error. Default: text. */
  readonly output?: string;
}

/** Shows what would change. Exit code 2 when something would, 1 when something is in the way. */
export async function showPlans(terminal: Terminal, things: readonly Plannable[], flags: PlanFlags): Promise<number> {
  const made = await makePlans(terminal, things);
  const plans = made.map(({ plan }) => plan);
  if (flags.output === "json") show(terminal, savePlans(plans).trimEnd());
  else show(terminal, ...plans.flatMap((plan) => formatWhole(plan, flags.maxDeletes)));
  if (flags.out !== undefined) writePlans(terminal, flags.out, plans);
  if (plans.some((plan) => plan.conflicts.length > 0 || tooMany(plan, flags.maxDeletes))) return exitCodes.error;
  return made.some(hasWork) ? exitCodes.changes : exitCodes.ok;
}

/** Plans, shows, asks, applies one after the other, and stops at the first that does not end as planned. */
export async function applyAll(terminal: Terminal, things: readonly Plannable[], flags: ApplyFlags): Promise<number> {
  const made = matchSaved(await makePlans(terminal, things), flags.plan);
  printAs(terminal, flags.output, ...made.flatMap(({ plan }) => formatWhole(plan, flags.maxDeletes)));
  refuseObstacles(made, flags.maxDeletes);
  const steps = made.flatMap(({ plan }) => plan.steps);
  if (flags.yes !== true && steps.length > 0) await confirmYes(terminal);
  await confirmSteps(terminal, steps, flags.confirm ?? []);
  return applyMade(terminal, made, flags);
}

/** Carries out what was confirmed, and says how it ended. */
export async function applyMade(
  terminal: Terminal,
  made: readonly Made[],
  { maxDeletes = Number.POSITIVE_INFINITY, output }: Pick<ApplyFlags, "maxDeletes" | "output">,
): Promise<number> {
  const work = made.filter(hasWork);
  const ended = await untilInterrupted(terminal, endsSoon, (signal) =>
    inTurn(work, signal, async ({ name, plan, apply }) => {
      const how = { plan, maxDeletes, signal, lease: leaseFor(terminal), onStep: progress(terminal, name) };
      const applied = await apply(how).catch((problem: unknown) => {
        throw problem instanceof Fault ? faultFailure(problem, `Nothing was changed in ${name}.`) : problem;
      });
      printAs(terminal, output, `${name}: ${formatApplied(applied)}`);
      return applied;
    }),
  );
  if (work.length === 0) printAs(terminal, output, "nothing to do");
  const left = work.slice(ended.length).map(({ name }) => name);
  if (left.length > 0) notify(terminal, `not begun: ${left.join(", ")}`);
  if (output === "json") show(terminal, JSON.stringify(endedAsJson(ended, left), undefined, 2));
  const interrupted = left.length > 0 && ended.every(({ applied }) => applied.outcome === "applied");
  return interrupted ? exitCodes.interrupted : exitCodeOf(ended.at(-1)?.applied);
}

const endsSoon = "finishing what is under way; nothing more is begun. Once more ends it at once.";

interface Ended {
  readonly name: string;
  readonly applied: Applied;
}

/** One after the other, until one does not end as planned or an end is asked for. */
async function inTurn(
  work: readonly Made[],
  signal: AbortSignal,
  apply: (made: Made) => Promise<Applied>,
): Promise<readonly Ended[]> {
  const ended: Ended[] = [];
  for (const made of work) {
    if (signal.aborted) break;
    const applied = await apply(made);
    ended.push({ name: made.name, applied });
    if (applied.outcome !== "applied") break;
  }
  return ended;
}

/** Text is for standard output, unless that belongs to JSON. */
const printAs = (terminal: Terminal, output: string | undefined, ...lines: readonly string[]): void =>
  (output === "json" ? notify : show)(terminal, ...lines);

/** How it ended, without what a fault holds inside. */
const endedAsJson = (ended: readonly Ended[], notBegun: readonly string[]) => ({
  version: 1,
  ended: ended.map(({ name, applied }) => ({
    name,
    ...applied,
    ...("fault" in applied && { fault: { message: applied.fault.message, retryable: applied.fault.retryable } }),
  })),
  notBegun,
});

function exitCodeOf(last: Applied | undefined): number {
  if (last === undefined || last.outcome === "applied") return exitCodes.ok;
  if (last.outcome === "interrupted") return exitCodes.interrupted;
  return last.outcome === "stopped" && last.fault.retryable ? exitCodes.unreachable : exitCodes.error;
}

const hasWork = ({ plan }: Planned): boolean => plan.steps.length > 0 || plan.repairs > 0;
const tooMany = (plan: Plan, max = Number.POSITIVE_INFINITY): boolean => formatDeletes(plan, max) !== undefined;

function formatWhole(plan: Plan, max = Number.POSITIVE_INFINITY): string[] {
  const excess = formatDeletes(plan, max);
  return [formatPlan(plan), ...(excess === undefined ? [] : [excess])];
}

function refuseObstacles(made: readonly Made[], max: number | undefined): void {
  if (made.some(({ plan }) => plan.conflicts.length > 0)) {
    throw new CommandFailure("nothing was applied: something is in the way", { fix: "see the lines marked ! above" });
  }
  if (made.some(({ plan }) => tooMany(plan, max))) {
    throw new CommandFailure("nothing was applied: too many deletions", {
      means: "A file that was cut short or a wrong environment looks like this.",
      fix: "read the plan; if it is meant, run it again with --max-deletes and their number",
    });
  }
}

/** Reads the world for each; a server that does not answer ends it before anything is changed. */
export async function makePlans(terminal: Terminal, things: readonly Plannable[]): Promise<Made[]> {
  const made: Made[] = [];
  for (const thing of things) {
    notify(terminal, `reading ${thing.name} …`);
    const { plan, apply } = await thing.plan().catch((problem: unknown) => {
      throw problem instanceof Fault ? faultFailure(problem, "Nothing was changed.") : problem;
    });
    made.push({ name: thing.name, plan, apply });
  }
  return made;
}

/** One line a step, on stderr: `  cloud gx1 [3/17] create group …`. */
const progress =
  (terminal: Terminal, name: string): OnStep =>
  ({ action, kind, key }, state, index, total) => {
    if (state === "done") notify(terminal, plain(`  ${name} [${index + 1}/${total}] ${action} ${kind} ${key}`));
  };
