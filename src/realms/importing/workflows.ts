import { workflowKind } from "../kinds/workflow.ts";
import { type ImportSource, pick, written } from "./source.ts";

/** `workflows` of the file. */
export const workflowsFoundIn = (source: ImportSource): Record<string, unknown> =>
  Object.fromEntries(
    [...source.changed(workflowKind).values()].map(({ key, fields }) => {
      const { taken, rest } = pick(fields, "enabled", "on", "if", "schedule", "concurrency", "steps");
      return [key, written({ ...taken, raw: rest })];
    }),
  );
