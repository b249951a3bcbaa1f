import { z } from "zod";
import { err, ok, type Result } from "../core/index.ts";
import type { Plan } from "./steps.ts";

const identity = {
  kind: z.string().describe("kind of the object, such as client"),
  key: z.string().describe("its name among its kind"),
};
const plain = z.json();
const yes = z.literal(true).exactOptional();
const change = z.strictObject({
  path: z.array(z.string()).describe("the field, from the outside in"),
  from: plain.exactOptional().describe("absent: was not there"),
  to: plain.exactOptional().describe("absent: will not be there"),
  set: yes.describe("both sides are sets: what counts is what comes and what goes"),
  secret: yes.describe("both values are withheld"),
});
const step = z.strictObject({
  action: z.enum(["create", "update", "adopt", "replace", "delete"]),
  phase: z.enum(["revoke", "build", "clean"]).describe("rights that go, then what is built, then what is cleared away"),
  wave: z.int().min(0).describe("steps of one wave may be done side by side"),
  ...identity,
  changes: z.array(change),
  irreversible: yes.describe("loses something that no later run brings back"),
  replaced: yes.describe("half of a replacement: deleted, and created anew in a later step"),
  confirm: yes.describe("somebody must type the key before this is done"),
});
const because = z.strictObject({ ...identity, because: z.string() });
const plan = z.strictObject({
  version: z.literal(1),
  driver: z.string().describe("what it is for, such as: keycloak main realm scs"),
  desired: z.string().describe("digest of the wanted state"),
  observed: z
    .record(z.string(), z.string())
    .describe("digest of each observed object that the plan rests on; absent: must not exist yet"),
  steps: z.array(step).describe("in the order of doing"),
  conflicts: z.array(because).describe("what stands in the way; with any of them nothing is applied"),
  kept: z.array(because).describe("no longer wanted, but not to be deleted"),
  unchanged: z.int().min(0).describe("how many wanted objects are as they should be"),
  ignored: z.int().min(0).describe("how many wanted objects are not looked at"),
  repairs: z.int().min(0).describe("how many notes of an interrupted run the next apply puts right"),
  remarks: z.array(z.string()).exactOptional().describe("what its reader may not expect, and what to do, in words"),
});

/** A file of plans, one for each realm, cloud or cluster: the source of its published JSON Schema. */
export const planFileSchema = z
  .strictObject({ version: z.literal(1), plans: z.array(plan) })
  .describe("Plans as `plan --output json` and `plan --out` write them. They hold no secret.");

/** Plans that were made together. */
interface PlanFile {
  readonly version: 1;
  readonly plans: readonly Plan[];
}

/** Plans as JSON text, for a file or a merge request. Holds no secret. */
export const savePlans = (plans: readonly Plan[]): string =>
  `${JSON.stringify({ version: 1, plans } satisfies PlanFile, undefined, 2)}\n`;

/** Reads what `savePlans` wrote. A saved plan is never trusted: apply makes its own and compares. The refusal is a sentence. */
export function readPlans(text: string): Result<readonly Plan[], string> {
  const value = parseJson(text);
  if (value === undefined) return err("the plan file is not JSON: make a new plan");
  const parsed = planFileSchema.safeParse(value);
  if (parsed.success) return ok(parsed.data.plans as readonly Plan[]);
  const where = parsed.error.issues[0]?.path.join(".") ?? "";
  return err(`the plan file is not a plan of version 1 (at "${where}"): make a new plan`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
