import { type Environment, lookupIn, readEnvironment as readEnvironmentFile } from "../../config/index.ts";
import { loadPolicyFiles, type NamedEnvironment, orRefuse, readPolicyPaths } from "../../operations/index.ts";
import type { Policy } from "../../policy/index.ts";
import { trustCa } from "../network.ts";
import type { Terminal } from "../terminal.ts";

/** Reads an environment file; a secret when it is used: what reads a realm needs no cloud's password. */
export function readEnvironment(file: string, { env }: Terminal): NamedEnvironment {
  const read = orRefuse(readEnvironmentFile(file, lookupIn(env), "when used"), "the environment file");
  return { ...read.value, file };
}

/** Reads the environment file and trusts its private certificate authority, if it names one. */
export async function openEnvironment(terminal: Terminal, file: string): Promise<NamedEnvironment> {
  const environment = readEnvironment(file, terminal);
  await trustCa(environment.caFile);
  return environment;
}

/** Reads policy files, folders and bare repositories, and the tenants' repository that an environment file names. */
export async function readPolicy(
  { clock }: Pick<Terminal, "clock">,
  paths: readonly string[],
  environment?: Environment,
): Promise<Policy> {
  const repositories = environment?.policyRepository === undefined ? [] : [environment.policyRepository];
  return loadPolicyFiles({
    files: orRefuse(await readPolicyPaths(paths, repositories, clock), "the policy"),
    ...(environment !== undefined && { environment }),
  });
}
