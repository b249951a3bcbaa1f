import { z } from "zod";
import { no, ok, type Result } from "../core/index.ts";
import type { Plan } from "./plan.ts";

const identity = { kind: z.string(), key: z.string() };
const plain = z.json();
const changeSchema = z.strictObject({
  path: z.array(z.string()),
  from: plain.exactOptional(),
  to: plain.exactOptional(),
  set: z.literal(true).exactOptional(),
  secret: z.literal(true).exactOptional(),
});
const planSchema = z.strictObject({
  version: z.literal(1),
  driver: z.string(),
  desired: z.string(),
  observed: z.record(z.string(), z.string()),
  steps: z.array(
    z.strictObject({
      action: z.enum(["create", "update", "delete"]),
      phase: z.enum(["revoke", "build", "clean"]),
      ...identity,
      changes: z.array(changeSchema),
      irreversible: z.literal(true).exactOptional(),
    }),
  ),
  conflicts: z.array(z.strictObject({ ...identity, because: z.string() })),
  kept: z.array(z.strictObject(identity)),
  unchanged: z.int().min(0),
});

/** A plan as JSON text, for a file or a pull request. Holds no secret. */
export const savePlan = (plan: Plan): string => `${JSON.stringify(plan, undefined, 2)}\n`;

/** Reads what `savePlan` wrote. A saved plan is never trusted: apply makes its own and compares. The refusal is a sentence. */
export function readPlan(text: string): Result<Plan, string> {
  const value = parseJson(text);
  if (value === undefined) return no("the plan file is not JSON: make a new plan");
  const parsed = planSchema.safeParse(value);
  if (parsed.success) return ok(parsed.data as Plan);
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  return no(`the plan file is not a plan of version 1 (at "${where}"): make a new plan`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
