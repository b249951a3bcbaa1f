import { z } from "zod";
import { config, flag, raw, text } from "./vocabulary.ts";

/** What is done by itself when something happens to an account. */
export const workflow = z.strictObject({
  enabled: flag("false: it is not run").default(true),
  on: text("event that begins it, such as user-created", 1000).optional(),
  if: text("condition, such as has-role('reader')", 2000).optional(),
  schedule: config("when it looks for accounts by itself").optional(),
  concurrency: config("what happens when the event comes again meanwhile").optional(),
  steps: z
    .array(
      z.strictObject({
        uses: text("provider id, such as notify-user"),
        after: text("how long after the step before, as Keycloak writes it").optional(),
        with: z.record(z.string(), z.json()).optional().describe("its configuration, as Keycloak has it"),
      }),
    )
    .min(1, "a workflow without steps does nothing, and Keycloak refuses it: at least one expected")
    .describe("what is done, in this order"),
  raw,
});
