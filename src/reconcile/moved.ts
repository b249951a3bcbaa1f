import type { Moved } from "./applied.ts";
import { canonical } from "./plain.ts";
import { identityOf } from "./resource.ts";
import type { Plan, Step } from "./steps.ts";

/** What two plans for one thing differ in, the earlier one first; `undefined`: in nothing that counts. */
export function whatMoved(plan: Plan, fresh: Plan): Moved | undefined {
  if (plan.driver !== fresh.driver) return { moved: [`the plan is for ${plan.driver}, not for ${fresh.driver}`] };
  const [before, now] = [stepsOf(plan), stepsOf(fresh)];
  const ids = new Set([...Object.keys(plan.observed), ...Object.keys(fresh.observed)]);
  const names = [...ids].filter((id) => plan.observed[id] !== fresh.observed[id]).sort();
  const how = Object.fromEntries(
    names.map((id) => [id, howMoved(plan.observed[id], fresh.observed[id], fieldsIn(before.get(id), now.get(id)))]),
  );
  // What is wanted of a resource shows where it is different from what is there.
  if (plan.desired !== fresh.desired) return { moved: [wantedMoved, ...names], how };
  if (names.length > 0) return { moved: names, how };
  if (canonical(plan.steps) === canonical(fresh.steps)) return undefined;
  return { moved: ["the plan itself (it was edited or made by another version)"] };
}

const wantedMoved =
  "the wanted state (files, secrets, what an identity provider says of itself, or the version of cloudpass changed since the plan was made)";

const absent = "absent";

function howMoved(before: string | undefined, now: string | undefined, fields: readonly string[]): string {
  if (now === absent) return before === undefined ? "wanted by now, and not there" : "not there any more";
  if (before === absent) return "made since";
  if (before === undefined) return "not part of the plan, and is by now";
  if (now === undefined) return "not wanted any more, or gone";
  return fields.length === 0 ? "changed since" : `changed since: ${fields.join(", ")}`;
}

const stepsOf = ({ steps }: Plan): ReadonlyMap<string, readonly Step[]> => Map.groupBy(steps, identityOf);

/** Fields of which the plans say something else. */
function fieldsIn(before: readonly Step[] = [], now: readonly Step[] = []): readonly string[] {
  const changes = (steps: readonly Step[]) =>
    new Map(steps.flatMap((step) => step.changes.map((change) => [change.path.join("."), canonical(change)])));
  const [was, is] = [changes(before), changes(now)];
  return [...new Set([...was.keys(), ...is.keys()])].filter((name) => was.get(name) !== is.get(name)).sort();
}
