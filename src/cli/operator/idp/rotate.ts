import type { Command } from "commander";
import { lookupIn } from "../../../config/index.ts";
import { rotateClientSecret, type SecretReference, tryNewSecret } from "../../../operations/index.ts";
import { CommandFailure } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { notify, type Terminal } from "../../terminal.ts";
import {
  type ChangeFlags,
  changeOptions,
  confirmChangeOf,
  maybeEnvironment,
  optionalEnvironment,
  pathsArgument,
  readFiles,
  referenceOf,
  type SecretFlags,
  secretOptions,
} from "./files.ts";

interface Options extends ChangeFlags, SecretFlags {
  readonly environment?: string;
  readonly expires?: string;
  readonly unchecked?: boolean;
}

/** `cloudpass idp rotate` */
export function addRotate(idp: Command, terminal: Terminal, finish: Finish): void {
  const command = pathsArgument(idp.command("rotate").argument("<id>", "the identity provider"));
  secretOptions(changeOptions(optionalEnvironment(command)))
    .description("change to another client secret, after the identity provider has taken it")
    .option("--expires <day>", "last day of the new secret, such as 2027-01-31")
    .option("--unchecked", "do not try it at the identity provider first")
    .addHelpText(
      "after",
      `
Make the new secret at the identity provider first, beside the old one where it can. It is tried at the token endpoint
without a login; the file changes only after it was taken.

Example:
  cloudpass idp rotate customer-a-idp --secret-env CUSTOMER_A_IDP_SECRET_2 --expires 2027-01-31`,
    )
    .action(async (id: string, paths: string[], options: Options) => {
      const reference = referenceOf(options);
      if (reference === undefined) {
        throw new CommandFailure("where is the new secret?", { fix: "give --secret-env NAME or --secret-file FILE" });
      }
      finish(await rotate(terminal, { id, paths, secret: reference }, options));
    });
}

async function rotate(
  terminal: Terminal,
  { id, paths, secret }: { readonly id: string; readonly paths: readonly string[]; readonly secret: SecretReference },
  options: Options,
): Promise<number> {
  const deps = { lookup: lookupIn(terminal.env) };
  const wanted = { files: readFiles(paths), id, secret };
  if (options.unchecked !== true) {
    const environment = await maybeEnvironment(terminal, options.environment);
    const { issuer, verdict } = await tryNewSecret({ ...wanted, ...(environment && { environment }) }, deps);
    notify(
      terminal,
      verdict === "taken"
        ? `${issuer} takes the new secret`
        : `${issuer} does not tell a right secret from a wrong one without a login: log in once after it`,
    );
  }
  const expires = options.expires === undefined ? {} : { expires: options.expires };
  const rotated = rotateClientSecret({ ...wanted, ...expires }, deps);
  const then = ["→ when logins work, take the old secret away at the identity provider"];
  return confirmChangeOf(terminal, rotated, { then }, { ...options, paths });
}
