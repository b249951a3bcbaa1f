import type { Applied } from "./apply.ts";
import { canonical, isList, without } from "./plain.ts";
import type { Plan, Step } from "./plan.ts";
import type { Change, Identity, Plain } from "./resource.ts";

const signs = { create: "+", update: "~", delete: "-" } as const;

/** A plan as people read it: one line per step in the order of doing, `+` created, `~` changed, `-` deleted; the same text for the same plan. */
export function sayPlan(plan: Plan): string {
  const lines = [`${safe(plan.driver)}: ${sayCounts(plan)}`];
  for (const step of plan.steps) {
    lines.push(`  ${sayStep(step)}`);
    if (step.action !== "delete") lines.push(...step.changes.flatMap(sayChange).map((line) => `      ${line}`));
  }
  for (const it of plan.conflicts) {
    lines.push(`  ! ${sayIdentity(it)} ${safe(it.because)}: nothing will be applied`);
    lines.push("      fix: choose another name, or remove it by hand if nobody needs it");
  }
  for (const it of plan.kept) lines.push(`  = ${sayIdentity(it)} is no longer wanted; this kind is never deleted`);
  return lines.join("\n");
}

/** One step on one line: sign, kind, key, and what is special about it. */
export function sayStep(step: Step): string {
  const notes = [step.phase === "revoke" ? "takes rights away" : "", step.irreversible ? "cannot be undone" : ""];
  const said = notes.filter(Boolean).join(", ");
  return `${signs[step.action]} ${sayIdentity(step)}${said === "" ? "" : ` (${said})`}`;
}

/** How an apply ended, in words: what was done, what was not, what to do. */
export function sayApplied(applied: Applied): string {
  const did = `${applied.done.length} step${applied.done.length === 1 ? "" : "s"} done`;
  switch (applied.outcome) {
    case "applied":
      return applied.done.length === 0 ? "nothing to do" : `${did} and verified`;
    case "unsettled":
      return [`${did}, but the result is not as wanted. Still different:`, sayPlan(applied.remaining)].join("\n");
    case "unverified":
      return `${did}, but the result could not be read back: ${safe(applied.fault.message)}. Run it again to verify.`;
    case "stopped":
      return [
        `stopped: ${safe(applied.fault.message)}`,
        ...applied.done.map((s) => `  done      ${sayStep(s)}`),
        `  failed    ${sayStep(applied.failed)} (may have taken effect)`,
        ...applied.left.map((s) => `  not done  ${sayStep(s)}`),
        "Mend the cause and run it again: it carries on from what is there then.",
      ].join("\n");
    case "stale":
      return [
        "nothing done: the plan is stale. Since it was made, this has moved:",
        ...applied.moved.map((m) => `  ${safe(m)}`),
        "Make a new plan.",
      ].join("\n");
    case "conflict":
      return [
        "nothing done, because of conflicts:",
        ...applied.conflicts.map((it) => `  ${sayIdentity(it)} ${safe(it.because)}`),
        "Choose other names, or remove them by hand if nobody needs them.",
      ].join("\n");
  }
}

function sayCounts(plan: Plan): string {
  const count = (action: Step["action"]) => plan.steps.filter((s) => s.action === action).length;
  const parts = [
    [count("create"), "to create"],
    [count("update"), "to change"],
    [count("delete"), "to delete"],
    [plan.conflicts.length, "in conflict"],
    [plan.unchanged, "unchanged"],
  ] as const;
  return (
    parts
      .filter(([n]) => n > 0)
      .map(([n, what]) => `${n} ${what}`)
      .join(", ") || "nothing wanted"
  );
}

const sayIdentity = (it: Identity): string => `${safe(it.kind)} ${safe(it.key)}`;

function sayChange(c: Change): string[] {
  const name = safe(c.path.join("."));
  if (c.secret) return [`${name}: [secret]`];
  if (c.set && isList(c.from) && isList(c.to)) {
    return [
      `${name}:`,
      ...without(c.from, c.to).map((v) => `  - ${sayValue(v)}`),
      ...without(c.to, c.from).map((v) => `  + ${sayValue(v)}`),
    ];
  }
  if (c.from === undefined) return [`${name}: ${sayValue(c.to)}`];
  return [`${name}: ${sayValue(c.from)} → ${sayValue(c.to)}`];
}

const sayValue = (value: Plain | undefined): string => (value === undefined ? "(unset)" : safe(canonical(value)));

/** What was read from a product may hold escape sequences or direction marks that rewrite a terminal: shown as `\u{…}`. */
const safe = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
