import { readPlans } from "../../reconcile/index.ts";
import { OperationRefused } from "../refused.ts";
import type { MadePlan } from "./plan-source.ts";

/** Puts the plans of a file, made earlier, in the place of those just made. What the file does not name is left alone. */
export function withSavedPlans(
  made: readonly MadePlan[],
  { file, text }: { readonly file: string; readonly text: string },
): readonly MadePlan[] {
  const read = readPlans(text);
  if (!read.ok) throw new OperationRefused(`${file}: ${read.refusal}`);
  const saved = read.value;
  const unknown = saved.find((plan) => !made.some((it) => it.plan.driver === plan.driver));
  if (unknown !== undefined) {
    throw new OperationRefused(`${file} holds a plan for ${unknown.driver}, which is not among the files`, {
      remedy: "give the same files and options as when the plan was made",
    });
  }
  return made.flatMap((it) => {
    const plan = saved.find(({ driver }) => driver === it.plan.driver);
    if (plan === undefined) return [];
    // Who loses something is said as it is now: people come and go without a word in a plan.
    const { remarks: _then, ...rest } = plan;
    const { remarks } = it.plan;
    return [{ ...it, plan: { ...rest, ...(remarks && { remarks }) } }];
  });
}
