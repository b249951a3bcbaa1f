import { renameSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { type Environment, lookupIn, readYamlFiles } from "../../../config/index.ts";
import { type FetchRules, rulesFor } from "../../../http-client/index.ts";
import { orRefuse } from "../../../operations/index.ts";
import {
  checkChange,
  type ListedIdentityProvider,
  listIdentityProviders,
  type RealmFile,
  type WrittenIdentityProvider,
  writtenIdentityProviders,
} from "../../../realms/index.ts";
import { suggest } from "../../../yaml/index.ts";
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
): Promise<Environment | undefined> => (file === undefined ? undefined : await openEnvironment(terminal, file));

/** How identity providers may be asked: as the environment says, or only where everybody could. */
export const rulesOf = (environment: Environment | undefined): FetchRules =>
  rulesFor(environment?.probe.allow ?? [], { proxy: environment?.probe.proxy });

/** The one identity provider of this id, as it is written. */
function findWritten(files: readonly RealmFile[], id: string): WrittenIdentityProvider {
  const all = orRefuse(writtenIdentityProviders(files), "the realms");
  const found = all.find(({ entry }) => entry["id"] === id);
  if (found !== undefined) return found;
  throw unknownIdentityProvider(
    id,
    all.map(({ entry }) => String(entry["id"])),
  );
}

/** The one identity provider of this id, with everything filled in. */
export function findListed(files: readonly RealmFile[], id: string, { env }: Terminal): ListedIdentityProvider {
  const all = orRefuse(listIdentityProviders(files, lookupIn(env)), "the realms");
  const found = all.find(({ alias }) => alias === id);
  if (found !== undefined) return found;
  throw unknownIdentityProvider(
    id,
    all.map(({ alias }) => alias),
  );
}

const unknownIdentityProvider = (id: string, known: readonly string[]): CommandFailure =>
  new CommandFailure(`the files name no identity provider "${id}"`, { means: suggest(id, known) });

/** Finds an identity provider, has its file's new text made and the rest said, and writes it. Answers the exit code. */
export async function changeWritten(
  terminal: Terminal,
  id: string,
  paths: readonly string[],
  flags: ChangeFlags & { readonly environment?: string },
  make: (found: WrittenIdentityProvider, files: readonly RealmFile[]) => Promise<Made> | Made,
): Promise<number> {
  const files = readFiles(paths);
  const found = findWritten(files, id);
  const { text, first = [], then = [] } = await make(found, files);
  return writeChange(
    terminal,
    { files, file: found.file, text, next: [...first, applyNext(found.realm, paths, flags.environment), ...then] },
    flags,
  );
}

/** A changed file, and what there is to do before and after Keycloak is told. */
export interface Made {
  readonly text: string;
  readonly first?: readonly string[];
  readonly then?: readonly string[];
}

/** A change of one file, and what is said when it is made. */
export interface Change {
  readonly files: readonly RealmFile[];
  readonly file: RealmFile;
  readonly text: string;
  readonly next: readonly string[];
}

/** Checks a change, shows it, asks, and writes it: whole or not at all. */
export async function writeChange(
  terminal: Terminal,
  { files, file, text, next }: Change,
  flags: ChangeFlags,
): Promise<number> {
  orRefuse(checkChange(files, { file: file.file, text }, lookupIn(terminal.env)), "the changed file");
  if (text === file.text) {
    show(terminal, "nothing to do");
    return exitCodes.ok;
  }
  show(terminal, `${file.file}:`, ...formatDiff(file.text, text));
  if (flags.dryRun === true) return exitCodes.changes;
  if (flags.yes !== true) await confirmWriting(terminal);
  replaceFile(file.file, text);
  notify(terminal, `written: ${file.file}`, ...next);
  return exitCodes.ok;
}

async function confirmWriting(terminal: Terminal): Promise<void> {
  if (!isInteractive(terminal)) {
    throw new CommandFailure("nothing was written: nobody could be asked", {
      fix: "read it, then run it again with --yes",
    });
  }
  const answer = await ask(terminal, "Write this? Only “yes” writes it: ");
  if (answer.trim() !== "yes") throw new CommandFailure("nothing was written: the answer was not “yes”");
}

/** A broker that reads the file meanwhile sees the old one or the new one, never half of it. */
function replaceFile(file: string, text: string): void {
  try {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  } catch (cause) {
    throw new CommandFailure(`${file} cannot be written`, { fix: "check folder and permissions", cause });
  }
}

/** What makes a change of a file true. */
function applyNext(realm: string, paths: readonly string[], environment = "FILE"): string {
  const where = paths.join() === "realms" ? [] : paths;
  const command = ["cloudpass", "realms", "apply", ...where, "--realm", realm, "--environment", environment];
  return `→ tell Keycloak: ${shellWords(command)}; a broker that reads the file has it within 5 s`;
}
