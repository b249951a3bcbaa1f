import type { Command } from "commander";
import { readYamlFiles } from "../../../config/index.ts";
import {
  type FileChange,
  type IdentityProviderChange,
  type NamedEnvironment,
  orRefuse,
  writeChange,
} from "../../../operations/index.ts";
import type { RealmFile } from "../../../realms/index.ts";
import { CommandFailure, exitCodes } from "../../failure.ts";
import { shellWords } from "../../shell-words.ts";
import { ask, isInteractive, notify, show, type Terminal } from "../../terminal.ts";
import { openEnvironment } from "../files.ts";
import { formatDiff } from "./diff.ts";

/** What the commands that change a file may be told. */
export interface ChangeFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** `--yes --dry-run` */
export const changeOptions = (command: Command): Command =>
  command
    .option("-y, --yes", "do not ask")
    .option("-n, --dry-run", "show what would be written; exit code 2 if anything, and nothing is written");

/** `[paths...]` of realm files. */
export const pathsArgument = (command: Command): Command =>
  command.argument("[paths...]", "realm files and folders", ["realms"]);

/** `--environment FILE`, where a command can do without. */
export const optionalEnvironment = (command: Command): Command =>
  command.option("-e, --environment <file>", "where the servers are, and which networks may be asked");

/** Reads realm files as they are written. */
export const readFiles = (paths: readonly string[]): readonly RealmFile[] =>
  orRefuse(readYamlFiles(paths), "the realms");

/** The environment, if one was named; its private certificate authority is trusted from then on. */
export const maybeEnvironment = async (
  terminal: Terminal,
  file: string | undefined,
): Promise<NamedEnvironment | undefined> => (file === undefined ? undefined : await openEnvironment(terminal, file));

/** What else there is to say of a change. */
interface NextSteps {
  readonly first?: readonly string[];
  readonly then?: readonly string[];
}

/** Shows a change, asks, and writes it: whole or not at all. Answers the exit code. */
export async function confirmChange(
  terminal: Terminal,
  change: FileChange,
  next: readonly string[],
  flags: ChangeFlags,
): Promise<number> {
  const { file, before, text } = change;
  if (text === before) {
    show(terminal, "nothing to do");
    return exitCodes.ok;
  }
  show(terminal, `${file}:`, ...formatDiff(before, text));
  if (flags.dryRun === true) return exitCodes.changes;
  if (flags.yes !== true) await confirmWriting(terminal);
  writeChange(change);
  notify(terminal, `written: ${file}`, ...next);
  return exitCodes.ok;
}

/** The same for one that is there already: Keycloak must be told after it. */
export const confirmChangeOf = (
  terminal: Terminal,
  { change, realm }: IdentityProviderChange,
  { first = [], then = [] }: NextSteps,
  flags: ChangeFlags & { readonly paths: readonly string[]; readonly environment?: string },
): Promise<number> =>
  confirmChange(terminal, change, [...first, applyNext(realm, flags.paths, flags.environment), ...then], flags);

async function confirmWriting(terminal: Terminal): Promise<void> {
  if (!isInteractive(terminal)) {
    throw new CommandFailure("nothing was written: nobody could be asked", {
      fix: "read it, then run it again with --yes",
    });
  }
  const answer = await ask(terminal, "Write this? Only “yes” writes it: ");
  if (answer.trim() !== "yes") throw new CommandFailure("nothing was written: the answer was not “yes”");
}

/** What makes a change of a file true. */
function applyNext(realm: string, paths: readonly string[], environment = "FILE"): string {
  const where = paths.join() === "realms" ? [] : paths;
  const command = ["cloudpass", "realms", "apply", ...where, "--realm", realm, "--environment", environment];
  return `→ tell Keycloak: ${shellWords(command)}; a broker that reads the file has it within 5 s`;
}

/** `--secret-env NAME --secret-file FILE` */
export interface SecretFlags {
  readonly secretEnv?: string;
  readonly secretFile?: string;
}

/** The two options of a secret, which is never given itself. */
export const secretOptions = (command: Command): Command =>
  command
    .option("--secret-env <name>", "environment variable with the client's secret")
    .option("--secret-file <file>", "file with the client's secret");

/** The reference of the options, if they hold one. */
export const referenceOf = ({ secretEnv, secretFile }: SecretFlags): { env: string } | { file: string } | undefined =>
  secretEnv !== undefined ? { env: secretEnv } : secretFile !== undefined ? { file: secretFile } : undefined;
