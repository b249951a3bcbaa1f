import type { Difference, Drift, Plan, Step } from "../../../src/realms/index.ts";
import type { Conflict } from "../../../src/reconcile/index.ts";

/** A step of a plan that some field of an object needs. */
export const step = (kind: string, key: string, action: Step["action"] = "update"): Step => ({
  ...{ kind, key, action, phase: "build", wave: 0 },
  changes: [{ path: ["enabled"], from: false, to: true }],
});

/** A drift of realm scs with these differences. */
export function drift(
  differences: readonly (Partial<Difference> & Pick<Difference, "step">)[],
  conflicts: readonly Conflict[] = [],
): Drift {
  const all = differences.map((d) => ({ kind: d.step.kind, key: d.step.key, ...d }));
  const counts = { unchanged: 1, ignored: 0, repairs: 0 };
  const plan: Plan = {
    ...{ version: 1, driver: "keycloak main realm scs", desired: "d", observed: {}, conflicts, kept: [] },
    ...{ steps: all.map((d) => d.step), ...counts },
  };
  return { realm: "scs", plan, differences: all };
}
