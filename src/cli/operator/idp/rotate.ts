import type { Command } from "commander";
import { type RealmFile, type WrittenIdentityProvider, withSecret } from "../../../realms/index.ts";
import { CommandFailure } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { notify, type Terminal } from "../../terminal.ts";
import {
  type ChangeFlags,
  changeOptions,
  changeWritten,
  findListed,
  type Made,
  maybeEnvironment,
  optionalEnvironment,
  pathsArgument,
  rulesOf,
} from "./files.ts";
import { findClient, readSecret, referenceOf, type SecretFlags, trySecret } from "./openid-client.ts";

interface Options extends ChangeFlags, SecretFlags {
  readonly environment?: string;
  readonly expires?: string;
  readonly unchecked?: boolean;
}

/** `--secret-env NAME --secret-file FILE` */
export const secretOptions = (command: Command): Command =>
  command
    .option("--secret-env <name>", "environment variable with the client's secret")
    .option("--secret-file <file>", "file with the client's secret");

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
      const rotated = async (found: WrittenIdentityProvider, files: readonly RealmFile[]): Promise<Made> => {
        if (options.unchecked !== true) await mustBeTaken(terminal, files, id, reference, options);
        const then = ["→ when logins work, take the old secret away at the identity provider"];
        return { text: withSecret(found, reference, options.expires), then };
      };
      finish(await changeWritten(terminal, id, paths, options, rotated));
    });
}

async function mustBeTaken(
  terminal: Terminal,
  files: readonly RealmFile[],
  id: string,
  reference: { env: string } | { file: string },
  options: Options,
): Promise<void> {
  const rules = rulesOf(await maybeEnvironment(terminal, options.environment));
  const secret = readSecret(reference, terminal);
  const client = await findClient(findListed(files, id, terminal), rules);
  switch (await trySecret(client, secret, rules)) {
    case "taken":
      return notify(terminal, `${client.issuer} takes the new secret`);
    case "untold":
      return notify(
        terminal,
        `${client.issuer} does not tell a right secret from a wrong one without a login: log in once after it`,
      );
    case "refused":
      throw new CommandFailure(`${client.issuer} refuses the new secret for our client ${client.clientId}`, {
        means: "Nothing was written: with it nobody could log in.",
        fix: "look at the secret, and whether it is valid already",
      });
  }
}
