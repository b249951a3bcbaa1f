import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import type { Command } from "commander";
import type { Fault } from "../../../core/index.ts";
import { type ImportedFile, importRealmFiles, type RealmsThere } from "../../../operations/index.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { openEnvironment } from "../files.ts";
import { meaning } from "../planning.ts";
import { environmentOption, realmDeps } from "./realm-options.ts";
import { alreadyThere, realmFileIn, refuseTaken, writeRealmFiles } from "./written-files.ts";

interface ImportOptions {
  readonly environment: string;
  readonly keycloak: string;
  readonly all?: boolean;
  readonly file?: string;
  readonly folder?: string;
  readonly output: string;
}

/** `cloudpass realms import` */
export function addImport(realms: Command, terminal: Terminal, finish: Finish): void {
  outputOption(environmentOption(realms.command("import").argument("[realms...]", "names of the realms")))
    .description("write the files of realms that are there; with them, plan is empty")
    .option("--all", "all realms of that Keycloak but the one that administers it")
    .option("--keycloak <name>", "which Keycloak of the environment file", "main")
    .option("-f, --file <file>", "write the one realm there, if there is no such file yet; default: show it")
    .option("--folder <folder>", "write each realm into a file of its own there, if it is not there yet")
    .addHelpText(
      "after",
      `
Secrets are never read: a file refers to environment variables, which are listed at its end. What no file can say is left
out, and a note in the file and here says so. Of several realms, one that fails does not stop the others; then the exit
code is 1, or 3 if the same command may work later.

Examples:
  cloudpass realms import customers --environment production.yaml --file realms/customers.yaml
  cloudpass realms import --all --environment production.yaml --folder realms`,
    )
    .action(async (names: readonly string[], options: ImportOptions) => {
      refuseContradictions(names, options);
      const environment = await openEnvironment(terminal, options.environment);
      const there = { realms: options.all ? ("all" as const) : names, keycloak: options.keycloak, environment };
      const code =
        options.folder === undefined
          ? await importOne(terminal, there, options)
          : await importAll(terminal, there, { ...options, folder: options.folder });
      finish(code);
    });
}

function refuseContradictions(names: readonly string[], { all, file, folder }: ImportOptions): void {
  const refuse = (message: string, fix: string) => {
    throw new CommandFailure(message, { fix });
  };
  if (all !== true && names.length === 0) refuse("no realm is named", "name realms, or write --all");
  if (all === true && names.length > 0) refuse("--all stands beside names of realms", "write one of the two");
  if (file !== undefined && folder !== undefined) refuse("--file stands beside --folder", "write one of the two");
  if (folder === undefined && (all === true || names.length > 1))
    refuse("several realms do not go into one file", "write --folder and where their files belong");
}

async function importOne(terminal: Terminal, there: RealmsThere, options: ImportOptions): Promise<number> {
  if (options.file !== undefined) refuseTaken(options.file);
  for await (const one of importRealmFiles(there, realmDeps(terminal))) {
    if ("fault" in one) return meaning("Nothing was written.")(one.fault);
    if ("done" in one) continue;
    const { realm, text, parts, secrets, notes } = one;
    const files = options.file === undefined ? [] : writeRealmFiles(options.file, one);
    if (options.output === "json") show(terminal, JSON.stringify({ realm, text, parts, secrets, notes }, undefined, 2));
    else if (options.file === undefined) show(terminal, [text, ...parts].join("---\n").trimEnd());
    for (const file of files) notify(terminal, `written: ${file}`);
    for (const note of notes) notify(terminal, plain(`not in the file: ${note}`));
    for (const name of secrets) notify(terminal, `set ${name} before the file is used`);
  }
  return exitCodes.ok;
}

/** Each into a file of its own, with one line of progress, whatever becomes of the others. */
async function importAll(
  terminal: Terminal,
  there: RealmsThere,
  { folder, output }: ImportOptions & { readonly folder: string },
): Promise<number> {
  mkdirSync(folder, { recursive: true });
  accessSync(folder, constants.W_OK);
  const failed: (Fault | CommandFailure)[] = [];
  const said: object[] = [];
  // A file that is there already need not cost the reading of its realm.
  const isDone = (realm: string) => existsSync(realmFileIn(folder, realm));
  for await (const one of importRealmFiles({ ...there, isDone }, { ...realmDeps(terminal), listener: () => {} })) {
    const result = written(folder, one);
    const problem = "problem" in result ? result.problem : undefined;
    if (problem !== undefined) failed.push(problem);
    notify(terminal, plain(`[${one.index + 1}/${one.total}] ${one.realm}: ${formatResult(one, result)}`));
    if ("text" in one) for (const note of one.notes) notify(terminal, plain(`  not in the file: ${note}`));
    const { secrets, notes } = "text" in one ? one : { secrets: [], notes: [] };
    said.push({
      realm: one.realm,
      ...("file" in result && { file: result.file, parts: result.parts }),
      secrets,
      notes,
      ...(problem && { problem: problem.message }),
    });
  }
  if (output === "json") show(terminal, JSON.stringify({ realms: said }, undefined, 2));
  if (failed.length === 0) return exitCodes.ok;
  const mayWorkLater = failed.every((one) => "retryable" in one && one.retryable);
  return mayWorkLater ? exitCodes.unreachable : exitCodes.error;
}

type Written =
  | { readonly file: string; readonly parts: readonly string[] }
  | { readonly problem: Fault | CommandFailure };

function written(folder: string, one: ImportedFile): Written {
  const file = realmFileIn(folder, one.realm);
  if ("done" in one) return { problem: alreadyThere(file) };
  if ("fault" in one) return { problem: one.fault };
  try {
    const [, ...parts] = writeRealmFiles(file, one);
    return { file, parts };
  } catch (problem) {
    if (problem instanceof CommandFailure) return { problem };
    throw problem;
  }
}

function formatResult(one: ImportedFile, result: Written): string {
  if ("problem" in result) {
    const { message } = result.problem;
    const fix = "fix" in result.problem ? result.problem.fix : undefined;
    return `failed: ${message}${fix === undefined ? "" : ` (${fix})`}`;
  }
  const { secrets, notes } = "text" in one ? one : { secrets: [], notes: [] };
  const counts = [
    secrets.length > 0 && `secrets to set: ${secrets.length}`,
    notes.length > 0 && `notes: ${notes.length}`,
  ];
  const more = counts.filter((count) => count !== false);
  return `written: ${[result.file, ...result.parts].join(", ")}${more.length > 0 ? ` (${more.join(", ")})` : ""}`;
}
