import { variable } from "../../settings.ts";
import type { Terminal } from "../../terminal.ts";

/** What of the environment is stronger than the profile in use, for who has just chosen one; nothing if nothing is. */
export function formatStronger(env: Terminal["env"]): string[] {
  const stronger = ["CLOUDPASS_PROFILE", "CLOUDPASS_ISSUER"].filter((name) => variable(env, name) !== undefined);
  const [verb, pronoun] = stronger.length === 1 ? ["comes", "it"] : ["come", "them"];
  return stronger.length === 0 ? [] : [`${stronger.join(" and ")} of this shell still ${verb} first: unset ${pronoun}`];
}
