import type { Plan, Step } from "../../src/reconcile/index.ts";

/** A step that makes a group. */
export const step = (key: string, more: Partial<Step> = {}): Step => ({
  kind: "group",
  key,
  action: "create",
  phase: "build",
  wave: 0,
  changes: [],
  ...more,
});

/** A plan of these steps, with nothing else in it. */
export const plan = (steps: readonly Step[], more: Partial<Plan> = {}): Plan => ({
  version: 1,
  driver: "cloud gx1",
  desired: "d",
  observed: {},
  steps,
  conflicts: [],
  kept: [],
  unchanged: 0,
  ignored: 0,
  repairs: 0,
  ...more,
});
