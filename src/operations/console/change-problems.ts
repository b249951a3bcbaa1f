import { type ApiProblem, type InputError, ownerOf, refusal, type TenantName } from "../../core/index.ts";
import type { Change, Conflict, EditRefusal } from "../../policy/index.ts";
import type { NotSaved } from "../../repository/index.ts";
import { formatProblem, type Problem } from "../../yaml/index.ts";
import { errorAt, refuse } from "./sentences.ts";

// Why a change of a policy is not made, as whoever asked for it is told.

/** Somebody else was there first. Names the fields. */
export function collision(conflicts: readonly Conflict[]): ApiProblem {
  const errors = conflicts.flatMap(({ fields }) =>
    fields.map(({ field }): InputError => errorAt(`/changes/${field.replaceAll(".", "/")}`, "changedHere", {})),
  );
  return { ...refuse("conflict", "changedMeanwhile", { fields: fieldsOf(conflicts) }), errors };
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

/**
 * A policy that the operator's limits, the names in it or its own tests refuse. What is wrong in a file of somebody else's is not
 * told (S-46): it is nobody's fault who asks here, and may name other customers.
 */
export function refusedPolicy(problems: readonly Problem[], tenant: TenantName): ApiProblem {
  const own = problems.filter(({ file }) => ownerOf(file, new Set<string>([tenant])) === tenant);
  if (own.length === 0) {
    return { ...refuse("conflict", "othersFile", {}), detail: problems.map(formatProblem).join("\n") };
  }
  const errors = own.map(
    ({ path, message, fix }): InputError => ({
      pointer: `/policy/${path.replaceAll(".", "/")}`,
      detail: withoutFolders(fix === undefined ? message : `${message}. ${fix}`),
    }),
  );
  return { ...refusal("invalid_input", withoutFolders(own[0]?.message ?? "the policy would not hold")), errors };
}

/** A sentence about files by their names alone: the server's folders are nobody's business. */
export const withoutFolders = (text: string): string =>
  text.replaceAll(/(?<![\w./-])\/(?:[^\s/]+\/)+(?=[^\s/]+\.ya?ml\b)/g, "");

/** An entry of the operator's is not the tenant's to change. */
export const operatorsOwn = ({ section, name }: Change): ApiProblem =>
  refuse("invalid_input", "operatorsEntry", { section, name });

/** The repository did not take it. */
export const notSaved = (why: NotSaved): ApiProblem =>
  why.kind === "from"
    ? refuse("conflict", "stateGone", {})
    : refusal("conflict", `${why.file} ${why.message}. ${why.fix}`);
