import { isoTime } from "../core/index.ts";
import { formatPlan, identityOf, type Named, type Plan, type Step, safeText } from "../reconcile/index.ts";
import type { LastApply } from "./last-apply.ts";
import type { AdminChange } from "./who-changed.ts";

/** One object that is not as the files say. */
export interface Difference extends Named {
  readonly step: Step;
  /** The last change that Keycloak recorded; absent: none, or its admin events were off. */
  readonly last?: AdminChange;
}

/** How a realm differs from its file. */
export interface Drift {
  readonly realm: string;
  readonly plan: Plan;
  readonly differences: readonly Difference[];
  /** Who applied the files last; absent: nobody yet, or nothing differs. */
  readonly lastApply?: LastApply;
}

/** A drift as people read it: what would have to be done, and who was last at each object. */
export function formatDrift(drift: Drift): string {
  const { realm, plan, differences, lastApply } = drift;
  if (differences.length === 0 && plan.conflicts.length === 0) return `realm ${realm}: as the file says`;
  return [
    formatPlan(plan),
    "last changes:",
    ...formatDifferences(drift).map((line) => `  ${line}`),
    ...(lastApply === undefined ? [] : [safeText(formatApply(lastApply, plan))]),
  ].join("\n");
}

/** One line for each object that is not as the files say: who was last at it. */
export const formatDifferences = ({ differences }: Drift): string[] =>
  [...new Map(differences.map((d) => [identityOf(d), d])).values()].map((d) =>
    safeText(`${identityOf(d)}: ${formatLast(d)}`),
  );

/** One line for each thing that stands in the way of the files. */
export const formatConflicts = ({ plan }: Drift): string[] =>
  plan.conflicts.map((conflict) => safeText(`${identityOf(conflict)}: ${conflict.because}`));

function formatApply({ by, at, did, digest }: LastApply, plan: Plan): string {
  if (did === "removed") return `what is ours was taken out by ${by}, ${isoTime(at)}`;
  const since = digest === plan.desired ? "from these very files" : "from other files: they have changed since";
  return `last applied by ${by}, ${isoTime(at)}, ${since}`;
}

function formatLast({ step, last }: Difference): string {
  if (last === undefined) {
    return step.action === "create"
      ? "Keycloak has no record of it"
      : "Keycloak has no record of a change: it is older, or the file has changed since";
  }
  const did = { create: "made", update: "changed", delete: "deleted", action: "changed" }[last.operation];
  const when = isoTime(last.at);
  const where = last.address === undefined ? "" : ` from ${last.address}`;
  const through = last.client === undefined ? "" : ` through ${last.client}`;
  const shared = last.ourAccount ? ": the account that cloudpass uses, too, so an apply or somebody by hand" : "";
  return `${did} by ${last.user ?? "an unknown account"}${through}${where}, ${when}${shared}`;
}
