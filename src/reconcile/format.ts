import { isoTime } from "../core/index.ts";
import { type Applied, deletesOf } from "./applied.ts";
import { notOurs } from "./ownership.ts";
import { canonical, isList, isMap, without } from "./plain.ts";
import type { Change, Named, Plain } from "./resource.ts";
import type { Action, Plan, Step } from "./steps.ts";

const signs: Readonly<Record<Action, string>> = { create: "+", update: "~", adopt: "@", replace: "±", delete: "-" };

/**
 * A plan as people read it: one line per step in the order of doing, `+` created, `~` changed, `@` taken over, `±`
 * replaced, `-` deleted; the same text for the same plan.
 */
export function formatPlan(plan: Plan): string {
  const lines = [`${safeText(plan.driver)}: ${formatCounts(plan)}`];
  for (const step of plan.steps) {
    lines.push(`  ${formatStep(step)}`);
    if (step.action !== "delete") lines.push(...step.changes.flatMap(formatChange).map((line) => `      ${line}`));
  }
  for (const it of plan.conflicts) {
    lines.push(`  ! ${formatIdentity(it)} ${safeText(it.because)}: nothing will be applied`);
    if (it.because.startsWith(notOurs)) {
      lines.push("      fix: choose another name, take it over, or remove it by hand if nobody needs it");
    }
  }
  for (const it of plan.kept)
    lines.push(`  = ${formatIdentity(it)} is no longer wanted, and stays: ${safeText(it.because)}`);
  for (const remark of plan.remarks ?? []) lines.push(`  ! ${safeText(remark)}`);
  if (plan.repairs > 0) lines.push(`  an interrupted run left ${some(plan.repairs, "note")} to be put right`);
  return lines.join("\n");
}

/** Several plans on a line each, to be read before their steps; nothing for a single one, which begins with it. */
export const formatPlansShortly = (plans: readonly Plan[]): string[] =>
  plans.length < 2
    ? []
    : [
        ...plans.map((plan) => {
          const waits = (plan.remarks ?? []).length + plan.conflicts.length;
          return `${safeText(plan.driver)}: ${formatCounts(plan)}${waits === 0 ? "" : ` (! ${some(waits, "remark")})`}`;
        }),
        "",
      ];

/** That a plan deletes more than it may; `undefined` when it does not. */
export function formatDeletes(plan: Plan, max: number): string | undefined {
  const deletes = deletesOf(plan);
  if (deletes <= max) return undefined;
  return `  ! ${safeText(plan.driver)}: ${some(deletes, "deletion")}, more than the ${max} that are allowed: nothing will be applied`;
}

const notes: readonly ((step: Step) => string | false | undefined)[] = [
  ({ action }) => action === "adopt" && "taken over",
  ({ replaced }) => replaced && "replaced",
  ({ action }) => action === "replace" && "the new one first, then the old one goes",
  ({ phase }) => phase === "revoke" && "takes rights away",
  ({ irreversible }) => irreversible && "cannot be undone",
];

/** One step on one line: sign, kind, key, and what is special about it. */
export function formatStep(step: Step): string {
  const said = notes.flatMap((note) => note(step) || []).join(", ");
  return `${signs[step.action]} ${formatIdentity(step)}${said === "" ? "" : ` (${said})`}`;
}

/** How an apply ended, in words: what was done, what was not, what to do. */
export function formatApplied(applied: Applied): string {
  const did = `${some(applied.done.length, "step")} done`;
  switch (applied.outcome) {
    case "applied":
      return applied.done.length === 0 ? "nothing to do" : `${did} and verified`;
    case "unsettled":
      return [`${did}, but the result is not as wanted. Still different:`, formatPlan(applied.remaining)].join("\n");
    case "unverified":
      return `${did}, but the result could not be read back: ${safeText(applied.fault.message)}. Run it again to verify.`;
    case "stopped":
      return [
        `stopped: ${safeText(applied.fault.message)}`,
        ...formatHowFar(applied),
        "Mend the cause and run it again: it carries on from what is there then.",
      ].join("\n");
    case "interrupted":
      return [
        `interrupted: ${did}, ${applied.left.length} not done`,
        ...formatHowFar({ ...applied, failed: [] }),
        "Run it again: it carries on from what is there then.",
      ].join("\n");
    default:
      return formatRefused(applied);
  }
}

const formatHowFar = ({ done, failed, left }: Omit<Extract<Applied, { outcome: "stopped" }>, "outcome" | "fault">) => [
  ...done.map((s) => `  done      ${formatStep(s)}`),
  ...failed.map((s) => `  failed    ${formatStep(s)} (may have taken effect)`),
  ...left.map((s) => `  not done  ${formatStep(s)}`),
];

/** Nothing was done, and why. */
function formatRefused(
  applied: Extract<Applied, { outcome: "stale" | "conflict" | "held" | "too-many-deletes" }>,
): string {
  switch (applied.outcome) {
    case "stale":
      return [
        "nothing done: the plan is stale. Since it was made, this has moved:",
        ...applied.moved.map((m) => `  ${safeText([m, applied.how?.[m] ?? []].flat().join(": "))}`),
        "Make a new plan.",
      ].join("\n");
    case "conflict":
      return [
        "nothing done, because of conflicts:",
        ...applied.conflicts.map((it) => `  ${formatIdentity(it)} ${safeText(it.because)}`),
        "Choose other names, or remove them by hand if nobody needs them.",
      ].join("\n");
    case "held":
      return [
        `nothing done: ${safeText(applied.by.holder)} has been applying since ${isoTime(applied.by.since)}.`,
        `Wait for it to end; if it died, its lease is over at ${isoTime(applied.by.until)}.`,
      ].join("\n");
    case "too-many-deletes":
      return [
        `nothing done: ${some(applied.deletes, "deletion")}, more than the ${applied.max} that are allowed.`,
        "Read the plan; if it is meant, allow as many.",
      ].join("\n");
  }
}

function formatCounts(plan: Plan): string {
  const count = (...actions: Step["action"][]) =>
    plan.steps.filter((s) => actions.includes(s.action) && s.replaced === undefined).length;
  const replaced = plan.steps.filter((s) => s.replaced === true && s.action === "create").length;
  const parts = [
    [count("create"), "to create"],
    [count("update"), "to change"],
    [count("adopt"), "to take over"],
    [count("replace") + replaced, "to replace"],
    [count("delete"), "to delete"],
    [plan.conflicts.length, "in conflict"],
    [plan.unchanged, "unchanged"],
    [plan.ignored, "ignored"],
  ] as const;
  return (
    parts
      .filter(([n]) => n > 0)
      .map(([n, what]) => `${n} ${what}`)
      .join(", ") || "nothing wanted"
  );
}

const some = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;

const formatIdentity = (it: Named): string => `${safeText(it.kind)} ${safeText(it.key)}`;

function formatChange(c: Change): string[] {
  const name = safeText(c.path.join("."));
  if (c.secret) return [`${name}: [secret]`];
  const before = c.from ?? [];
  // A list of objects, as the rules of a mapping, is one long line otherwise.
  if (isList(before) && isList(c.to) && (c.set || c.to.some(isMap))) {
    const lines = [
      ...without(before, c.to).map((v) => `  - ${formatValue(v)}`),
      ...without(c.to, before).map((v) => `  + ${formatValue(v)}`),
    ];
    return lines.length === 0 ? [`${name}: in another order`] : [`${name}:`, ...lines];
  }
  if (c.from === undefined) return [`${name}: ${formatValue(c.to)}`];
  return [`${name}: ${formatValue(c.from)} → ${formatValue(c.to)}`];
}

const formatValue = (value: Plain | undefined): string =>
  value === undefined ? "(unset)" : safeText(canonical(value));

/** What was read from a product may hold escape sequences or direction marks that rewrite a terminal: shown as `\u{…}`. */
export const safeText = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
