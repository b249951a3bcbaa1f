import { type Environment, loadEnvironment, lookupIn, readYamlFiles } from "../../config/index.ts";
import type { Result } from "../../core/index.ts";
import { loadPolicy, type Policy } from "../../policy/index.ts";
import { loadRealms, type RealmSpec, readRealms as readShapes } from "../../realms/index.ts";
import { formatProblem, type Problem } from "../../yaml/index.ts";
import { CommandFailure } from "../failure.ts";
import { trustCa } from "../settings.ts";
import type { Terminal } from "../terminal.ts";

/** The value, or a failure with every problem of the files. */
export function must<T>(result: Result<T, Problem[]>, what: string): T {
  if (result.ok) return result.value;
  const count = result.refusal.length;
  throw new CommandFailure(`${what}: ${count} problem${count === 1 ? "" : "s"}`, {
    means: `\n${result.refusal.map(formatProblem).join("\n")}\n`,
    fix: "nothing was done; mend the files and run it again",
  });
}

/** Reads an environment file; a secret when it is used: what reads a realm needs no cloud's password. */
export function readEnvironment(file: string, { env }: Terminal): Environment {
  const [found] = must(readYamlFiles([file]), "the environment file");
  return must(loadEnvironment(found?.text ?? "", file, lookupIn(env), "when used"), "the environment file");
}

/** Reads the environment file and trusts its private certificate authority, if it names one. */
export async function openEnvironment(terminal: Terminal, file: string): Promise<Environment> {
  const environment = readEnvironment(file, terminal);
  await trustCa(environment.caFile);
  return environment;
}

/** Reads policy files and folders. */
export function readPolicy(paths: readonly string[], environment?: Environment): Policy {
  const endpoints = Object.fromEntries(
    Object.entries(environment?.clouds ?? {}).map(([cloud, { authUrl }]) => [cloud, authUrl]),
  );
  return must(loadPolicy(must(readYamlFiles(paths), "the policy"), { endpoints }), "the policy");
}

/** Reads realm files and folders. */
export function readRealms(paths: readonly string[], { env }: Terminal): readonly RealmSpec[] {
  return must(loadRealms(must(readYamlFiles(paths), "the realms"), lookupIn(env)), "the realms");
}

/** Checks realm files without a server; with `secrets`, also that each secret is where its reference says. */
export function checkRealmFiles(
  paths: readonly string[],
  { env }: Terminal,
  secrets: boolean,
): { readonly realms: readonly string[]; readonly problems: readonly Problem[] } {
  const files = readYamlFiles(paths);
  if (!files.ok) return { realms: [], problems: files.refusal };
  const { realms, problems } = readShapes(files.value, lookupIn(env));
  const names = realms.map(({ data }) => data.realm);
  if (!secrets) return { realms: names, problems };
  const loaded = loadRealms(files.value, lookupIn(env));
  return { realms: names, problems: loaded.ok ? [] : loaded.refusal };
}
