import { type Claims, outerClaim } from "../../../core/index.ts";
import type { Decision, EvaluatedClaims, TriedRecheck } from "../../../operations/index.ts";
import { formatExplanation } from "../../../policy/index.ts";
import { plain } from "../../failure.ts";

/** The claims as lines: imported ones with what is wrong, then all others. */
export function formatEvaluated({ rows, overage }: EvaluatedClaims, claims: Claims): string[] {
  const imported = new Set(rows.map(({ from }) => outerClaim(from)));
  const text = (value: unknown) => plain(JSON.stringify(value) ?? "nothing").slice(0, 500);
  return [
    "Imported:",
    ...rows.flatMap(({ name, from, type, value, problem }) => [
      `  ${name}${from === name ? "" : ` (there: ${plain(from)})`}, ${type}: ${text(value)}`,
      ...(problem === undefined ? [] : [`    ! ${problem}`]),
    ]),
    ...(overage.length === 0 ? [] : [`Did not fit in: ${overage.map(plain).join(", ")}`]),
    "Came too, and is not imported:",
    ...Object.entries(claims)
      .filter(([name]) => !imported.has(name))
      .map(([name, value]) => `  ${plain(name)}: ${text(value)}`),
  ];
}

/** The decision as lines. */
export const formatDecision = (decision: Decision): string[] =>
  "none" in decision ? [`The policy decides nothing: ${decision.none}`] : [formatExplanation(decision)];

/** In words: what that means for a login. */
export function formatRecheck({ recheck, problem, isNeeded }: TriedRecheck): string[] {
  if (recheck === "none") return ["It is never asked again: what it says at the login counts until the login ends."];
  if (problem === undefined) return [`It can be asked again at each refresh (recheck: ${recheck}).`];
  const end = isNeeded
    ? "every login would end at its first refresh"
    : "what it said at the login counts until the login ends";
  return [`✗ It cannot be asked again (recheck: ${recheck}): ${plain(problem)}; ${end}`];
}
