import { seconds } from "../../core/index.ts";
import { type Path, suggest } from "../../yaml/index.ts";
import { mayManagersGive } from "../analyse/beyond-managers.ts";
import { type Located, type ProblemReport, sourceOf } from "../format/read.ts";
import type { PolicyDocument } from "../format/schema.ts";
import type { Draft } from "./draft.ts";
import type { LinkedTargets } from "./targets.ts";

const usual = seconds(7 * 86_400);

/** What people of a tenant may ask for; said once a tenant. */
export function linkRequestable(
  { document, data }: Located<PolicyDocument>,
  draft: Draft,
  { targets }: LinkedTargets,
  report: ProblemReport,
): void {
  const text = data.requestable;
  const path: Path = ["requestable"];
  if (text === undefined || !report.define(`setting of ${draft.tenant.name}`, "requestable", document, path)) return;
  const { tenant, sets: known, people } = draft;
  const sets = text.sets.flatMap((name, i) => {
    const set = known.get(name);
    const at = [...path, "sets", i];
    if (set === undefined) report.add(document, at, `unknown set "${name}"`, suggest(name, known.keys()));
    else if (![...targets.values()].some((target) => mayManagersGive({ targets }, set, tenant, target)))
      report.warn(
        document,
        at,
        `nobody can ask for "${name}": it holds what only an operator gives, or has no place anywhere`,
        "remove it, or name a set that a manager may give",
      );
    return set ?? [];
  });
  const deciders = (text.deciders ?? []).flatMap((name, i) => {
    const found = people.get(name);
    if (found === undefined)
      report.add(document, [...path, "deciders", i], `unknown people "${name}"`, suggest(name, people.keys()));
    return found ?? [];
  });
  const { longest = usual, wait = usual } = text;
  draft.requestable = { sets, longest, wait, deciders, source: sourceOf(document, path, true) };
}
