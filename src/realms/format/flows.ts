import { z } from "zod";
import { config, count, flag, freeName, raw, text } from "./vocabulary.ts";

const requirement = z
  .enum(["required", "alternative", "conditional", "disabled"])
  .describe("required: must succeed; alternative: one of them must; conditional: if its conditions hold");

const step = z.union([
  z.strictObject({
    does: freeName.describe("authenticator, such as auth-cookie"),
    requirement,
    config: z
      .strictObject({ alias: freeName, settings: config("settings of the authenticator").default({}) })
      .optional()
      .describe("configuration of this step"),
  }),
  z.strictObject({
    flow: freeName.describe("name of a flow within the flow"),
    requirement,
    description: text("what it is for").optional(),
    form: freeName
      .optional()
      .describe("what draws it, where it is one form whose steps are its parts: registration-page-form"),
    get steps() {
      return z.array(step).describe("its steps, in order");
    },
  }),
]);

/** One step of a flow as it is written. */
export type StepEntry = z.output<typeof step>;

/** An authentication flow. */
export const flow = z.strictObject({
  description: text("what it is for").default(""),
  type: z.enum(["basic", "client"]).default("basic").describe("client: how clients prove who they are"),
  steps: z.array(step).describe("in order"),
});

/** Something a person may be asked to do after the login. */
export const requiredAction = z.strictObject({
  name: text("name as people see it").optional(),
  enabled: flag("it may be asked for").optional(),
  everybody: flag("asked of each new person").optional(),
  priority: count("lower ones come first").optional(),
  raw,
});
