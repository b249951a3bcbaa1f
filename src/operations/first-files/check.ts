import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lookupIn, readEnvironment, readYamlFiles } from "../../config/index.ts";
import type { Clock } from "../../core/index.ts";
import type { Problem } from "../../yaml/index.ts";
import { loadBroker } from "../configuration/load-broker.ts";
import { checkPolicyFiles } from "../policies/check.ts";
import { openIfThere, readPolicyPaths } from "../policies/texts.ts";
import { validateRealmFiles } from "../realms/look.ts";
import type { FirstFile } from "./files.ts";

/** Stands in for what somebody must fill in. */
const notYet = "to be filled in";

/** The variables of a file of `NAME=value` lines. */
const readVariables = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => [name, value]));

/**
 * Checks files before they are written, by what `config check`, `policies check`, `realms validate` and the operators'
 * commands check: in a folder of their own that nobody else can read, which is removed. Answers every problem and warning.
 */
export async function checkFirstFiles(files: readonly FirstFile[], { clock }: { clock: Clock }): Promise<Problem[]> {
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-init-"));
  try {
    for (const { file, text } of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text, { mode: 0o600 });
    }
    const problems = await checkFolder(folder, files, clock);
    const short = (text: string) => text.replaceAll(`${folder}/`, "");
    return problems.map((problem) => ({ ...problem, file: short(problem.file), message: short(problem.message) }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function checkFolder(folder: string, files: readonly FirstFile[], clock: Clock): Promise<Problem[]> {
  const given = readVariables(files.find((file) => file.isSecret)?.text ?? "");
  const filled = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value || notYet]));
  const lookup = lookupIn(filled);
  const at = (name: string) => join(folder, name);
  const loaded = await loadBroker(at("broker.yaml"), { lookup, clock, open: openIfThere(clock) });
  const environment = readEnvironment(at("environment.yaml"), lookup);
  const policies = await readPolicyPaths([at("policies")], [], clock);
  const policy = policies.ok && checkPolicyFiles({ files: policies.value }, { clock });
  const realms = readYamlFiles([at("realms")]);
  const found = [
    ...(loaded.ok ? loaded.value.warnings.filter(({ path }) => path !== "keys") : loaded.refusal.problems),
    ...(environment.ok ? [] : environment.refusal),
    ...(policy ? [...policy.problems, ...policy.warnings] : []),
    ...(realms.ok ? validateRealmFiles({ files: realms.value, secrets: true }, { lookup }).problems : realms.refusal),
  ];
  const seen = new Set<string>();
  return found.filter(({ file, line, message }) => {
    const key = `${file}:${line}:${message}`;
    return !seen.has(key) && seen.add(key);
  });
}
