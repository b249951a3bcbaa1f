import { Fault, systemRandom } from "../../core/index.ts";
import {
  applyPlans,
  hasWaiting,
  hasWork,
  type MadePlan,
  obstacleTo,
  type PlansApplied,
  withSavedPlans,
} from "../../operations/index.ts";
import {
  type Applied,
  formatDeletes,
  formatPlan,
  formatPlansShortly,
  type Plan,
  savePlans,
} from "../../targets/index.ts";
import { CommandFailure, exitCodes, faultFailure } from "../failure.ts";
import { notify, show, type Terminal } from "../terminal.ts";
import { operatorActor } from "./actor.ts";
import { confirmSteps, confirmYes } from "./confirm.ts";
import { untilInterrupted } from "./interrupt.ts";
import { readPlanFile, writePlans } from "./plan-files.ts";
import { listenerOf } from "./progress.ts";

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

/** Shows what would change. Exit code 2 when something would, 1 when something is in the way or has to wait. */
export function showPlans(terminal: Terminal, made: readonly MadePlan[], flags: PlanFlags): number {
  const plans = made.map(({ plan }) => plan);
  if (flags.output === "json") show(terminal, savePlans(plans).trimEnd());
  else show(terminal, ...formatAll(plans, flags.maxDeletes));
  if (flags.out !== undefined) writePlans(terminal, flags.out, plans);
  if (obstacleTo(made, flags.maxDeletes) !== undefined || made.some(hasWaiting)) return exitCodes.error;
  return made.some(hasWork) ? exitCodes.changes : exitCodes.ok;
}

/** Shows plans, asks, applies one after the other, and stops at the first that does not end as planned. */
export async function applyAll(terminal: Terminal, planned: readonly MadePlan[], flags: ApplyFlags): Promise<number> {
  const made = flags.plan === undefined ? planned : withSavedPlans(planned, readPlanFile(flags.plan));
  const plans = made.map(({ plan }) => plan);
  printAs(terminal, flags.output, ...formatAll(plans, flags.maxDeletes));
  refuseObstacles(made, flags.maxDeletes);
  const steps = made.flatMap(({ plan }) => plan.steps);
  if (flags.yes !== true && steps.length > 0) await confirmYes(terminal);
  await confirmSteps(terminal, steps, flags.confirm ?? []);
  return applyMade(terminal, made, flags);
}

/** Carries out what was confirmed, and says how it ended. */
export async function applyMade(
  terminal: Terminal,
  made: readonly MadePlan[],
  { maxDeletes, output }: Pick<ApplyFlags, "maxDeletes" | "output">,
): Promise<number> {
  const what = { made, ...(maxDeletes !== undefined && { maxDeletes }) };
  const listener = listenerOf(terminal, output === undefined ? {} : { output });
  const done = await untilInterrupted(terminal, endsSoon, (signal) =>
    applyPlans(what, { clock: terminal.clock, random: systemRandom, listener, signal }, operatorActor()),
  );
  const { ended, notBegun, unanswered } = done;
  if (unanswered !== undefined) throw faultFailure(unanswered.fault, `Nothing was changed in ${unanswered.name}.`);
  const waits = made.some(hasWaiting);
  if (!made.some(hasWork)) printAs(terminal, output, waits ? "nothing can be done yet" : "nothing to do");
  if (waits) notify(terminal, "Not everything is as wanted: something has to wait, see the lines marked ! above.");
  if (notBegun.length > 0) notify(terminal, `not begun: ${notBegun.join(", ")}`);
  if (output === "json") show(terminal, JSON.stringify(appliedAsJson(done), undefined, 2));
  const interrupted = notBegun.length > 0 && ended.every(({ applied }) => applied.outcome === "applied");
  const code = interrupted ? exitCodes.interrupted : exitCodeOf(ended.at(-1)?.applied);
  return code === exitCodes.ok && waits ? exitCodes.error : code;
}

const endsSoon = "finishing what is under way; nothing more is begun. Press Ctrl-C again to stop at once.";

/** Rethrows; a server's failure with what it means here. */
export const meaning =
  (means: string) =>
  (problem: unknown): never => {
    throw problem instanceof Fault ? faultFailure(problem, means) : problem;
  };

/** Text is for standard output, unless that belongs to JSON. */
const printAs = (terminal: Terminal, output: string | undefined, ...lines: readonly string[]): void =>
  (output === "json" ? notify : show)(terminal, ...lines);

/** How it ended, without what a fault holds inside. */
const appliedAsJson = ({ ended, notBegun }: PlansApplied) => ({
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

/** What happens where, then how. */
const formatAll = (plans: readonly Plan[], max: number | undefined): string[] => [
  ...formatPlansShortly(plans),
  ...plans.flatMap((plan) => formatWhole(plan, max)),
];

function formatWhole(plan: Plan, max = Number.POSITIVE_INFINITY): string[] {
  const excess = formatDeletes(plan, max);
  return [formatPlan(plan), ...(excess === undefined ? [] : [excess])];
}

function refuseObstacles(made: readonly MadePlan[], max: number | undefined): void {
  switch (obstacleTo(made, max)) {
    case "conflict":
      throw new CommandFailure("nothing was applied: something is in the way", {
        fix: "see the lines marked ! above",
      });
    case "too many deletions":
      throw new CommandFailure("nothing was applied: too many deletions", {
        means: "A file that was cut short or a wrong environment looks like this.",
        fix: "read the plan; if it is meant, run it again with --max-deletes and their number",
      });
  }
}
