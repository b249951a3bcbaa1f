import { type Identity, identityOf, type KindRule, named, type Observed, type Resource } from "./resource.ts";
import type { Conflict, Step } from "./steps.ts";

/** What the product would refuse in the middle of an apply, and its kind knows before, as far as the plan would do it. */
export function foreseen(
  desired: readonly Resource[],
  observed: readonly Observed[],
  going: readonly Observed[],
  steps: readonly Step[],
  ruleOf: (it: Identity) => KindRule,
): readonly Conflict[] {
  const asked = desired.filter((resource) => ruleOf(resource).refuses !== undefined);
  if (asked.length === 0) return [];
  const written = new Set(steps.map(identityOf));
  const [wanted, goes] = [new Set(desired.map(identityOf)), new Set(going)];
  const staying = observed.filter((o) => !wanted.has(identityOf(o)) && !goes.has(o));
  return asked.flatMap((resource) => {
    if (!written.has(identityOf(resource))) return [];
    const because = ruleOf(resource).refuses?.(resource, { staying, going });
    return because === undefined ? [] : [{ ...named(resource), because }];
  });
}
