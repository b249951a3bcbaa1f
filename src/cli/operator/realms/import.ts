import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { importRealmFile } from "../../../operations/index.ts";
import { CommandFailure, exitCodes } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { openEnvironment } from "../files.ts";
import { meaning } from "../planning.ts";
import { environmentOption, realmDeps } from "./realm-options.ts";

interface ImportOptions {
  readonly environment: string;
  readonly keycloak: string;
  readonly file?: string;
  readonly output: string;
}

/** `cloudpass realms import` */
export function addImport(realms: Command, terminal: Terminal, finish: Finish): void {
  outputOption(environmentOption(realms.command("import").argument("<realm>", "name of the realm")))
    .description("write the file of a realm that is there; with it, plan is empty")
    .option("--keycloak <name>", "which Keycloak of the environment file", "main")
    .option("-f, --file <file>", "write there, if there is no such file yet; default: show it")
    .addHelpText(
      "after",
      `
Secrets are never read: the file refers to environment variables, which are listed at the end.

Example:
  cloudpass realms import customers --environment production.yaml --file realms/customers.yaml`,
    )
    .action(async (realm: string, options: ImportOptions) => {
      const environment = await openEnvironment(terminal, options.environment);
      const there = { realm, keycloak: options.keycloak, environment };
      const { text, secrets } = await importRealmFile(there, realmDeps(terminal)).catch(
        meaning("Nothing was written."),
      );
      if (options.file !== undefined) writeNew(options.file, text);
      if (options.output === "json") show(terminal, JSON.stringify({ realm, text, secrets }, undefined, 2));
      else if (options.file === undefined) show(terminal, text.trimEnd());
      if (options.file !== undefined) notify(terminal, `written: ${options.file}`);
      for (const name of secrets) notify(terminal, `set ${name} before the file is used`);
      finish(exitCodes.ok);
    });
}

function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    const there = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new CommandFailure(there ? `${file} is there already` : `${file} cannot be written`, {
      fix: there ? "choose another name, or move it away" : "check folder and permissions",
      cause,
    });
  }
}
