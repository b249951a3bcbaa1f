import { type ApiProblem, type InputError, refusal } from "../../core/index.ts";
import type { Change, Conflict, EditRefusal } from "../../policy/index.ts";
import type { NotSaved } from "../../repository/index.ts";
import type { Problem } from "../../yaml/index.ts";

// Why a change of a policy is not made, as whoever asked for it is told.

/** Somebody else was there first. Names the fields. */
export function collision(conflicts: readonly Conflict[]): ApiProblem {
  const errors = conflicts.flatMap(({ fields }) =>
    fields.map(
      ({ field }): InputError => ({
        pointer: `/changes/${field.replaceAll(".", "/")}`,
        detail: "somebody changed this meanwhile",
      }),
    ),
  );
  return {
    ...refusal(
      "conflict",
      `somebody changed the same meanwhile: ${fieldsOf(conflicts)}. Look at it anew, and change it again`,
    ),
    errors,
  };
}

const fieldsOf = (conflicts: readonly Conflict[]): string =>
  conflicts.flatMap(({ fields }) => fields.map(({ field }) => field)).join(", ");

/** Edits that cannot be made, each in words. */
export function refusedEdits(refusals: readonly EditRefusal[]): ApiProblem {
  const errors = refusals.map(
    ({ entry, message }): InputError => ({
      pointer: entry === undefined ? "/changes" : `/changes/${entry.section}/${entry.name}`,
      detail: message,
    }),
  );
  return { ...refusal("invalid_input", refusals[0]?.message ?? "the change cannot be made"), errors };
}

/** A policy that the operator's limits, the names in it or its own tests refuse. */
export function refusedPolicy(problems: readonly Problem[]): ApiProblem {
  const errors = problems.map(
    ({ path, message, fix }): InputError => ({
      pointer: `/policy/${path.replaceAll(".", "/")}`,
      detail: fix === undefined ? message : `${message}. ${fix}`,
    }),
  );
  return { ...refusal("invalid_input", problems[0]?.message ?? "the policy would not hold"), errors };
}

/** An entry of the operator's is not the tenant's to change. */
export const operatorsOwn = ({ section, name }: Change): ApiProblem =>
  refusal(
    "invalid_input",
    `"${name}" of ${section} stands in a file of the operator's. Ask the operator, or choose another name`,
  );

/** The repository did not take it. */
export const notSaved = (why: NotSaved): ApiProblem =>
  why.kind === "from"
    ? refusal(
        "conflict",
        "the state that you saw is not in the repository any more. Look at it anew, and change it again",
      )
    : refusal("conflict", `${why.file} ${why.message}. ${why.fix}`);
