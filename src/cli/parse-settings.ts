import { z } from "zod";
import { checkShape, formatProblem, parseYaml } from "../yaml/index.ts";
import { CommandFailure } from "./failure.ts";

/** What a person's settings file says. */
export interface KeptSettings {
  readonly issuer?: string | undefined;
  /** Relative to the file's folder. */
  readonly caFile?: string | undefined;
}

const schema = z.strictObject({ issuer: z.string().min(1).optional(), caFile: z.string().min(1).optional() });

/** What the text of a settings file says; `file` is named by what is wrong in it. */
export function parseSettings(text: string, file: string): KeptSettings {
  const parsed = parseYaml(text, file);
  const shape = parsed.ok && parsed.value[0] ? checkShape(parsed.value[0], schema) : parsed;
  if (!shape.ok)
    throw new CommandFailure("the settings file is wrong", { means: shape.refusal.map(formatProblem).join("\n") });
  return "issuer" in shape.value || "caFile" in shape.value ? shape.value : {};
}
