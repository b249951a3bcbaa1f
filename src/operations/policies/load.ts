import type { Environment, TextFile } from "../../config/index.ts";
import { loadPolicy, type Policy } from "../../policy/index.ts";
import { orRefuse } from "../refused.ts";

/** The policy of these files; with an environment, the clouds have the addresses that it names. Refuses with every problem. */
export function loadPolicyFiles({
  files,
  environment,
}: {
  readonly files: readonly TextFile[];
  readonly environment?: Environment;
}): Policy {
  const clouds = Object.entries(environment?.clouds ?? {});
  const endpoints = Object.fromEntries(clouds.map(([cloud, { authUrl }]) => [cloud, authUrl]));
  return orRefuse(loadPolicy(files, { endpoints }), "the policy");
}
