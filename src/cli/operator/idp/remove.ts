import type { Command } from "commander";
import { systemRandom } from "../../../core/index.ts";
import { type IdentityProviderReach, lookAtIdentityProvider } from "../../../operations/index.ts";
import {
  type RealmFile,
  removable,
  type WrittenIdentityProvider,
  withoutIdentityProvider,
} from "../../../realms/index.ts";
import { CommandFailure, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { shellWords } from "../../shell-words.ts";
import { show, type Terminal } from "../../terminal.ts";
import { confirmName } from "../confirm.ts";
import { openEnvironment, readPolicy } from "../files.ts";
import { confirmOption } from "../plan-options.ts";
import { environmentOption } from "../realms/realm-options.ts";
import { type ChangeFlags, changeOptions, changeWritten, type Made, pathsArgument } from "./files.ts";

interface Options extends ChangeFlags {
  readonly environment: string;
  readonly policies: readonly string[];
  readonly confirm?: readonly string[];
}

/** `cloudpass idp remove` */
export function addRemove(idp: Command, terminal: Terminal, finish: Finish): void {
  changeOptions(environmentOption(pathsArgument(idp.command("remove").argument("<id>", "the identity provider"))))
    .description("take an identity provider out of the realm file; shows first what hangs on it")
    .option("-p, --policies <path...>", "policy files and folders", ["policies"])
    .addOption(confirmOption())
    .addHelpText(
      "after",
      `
It must be a draft or suspended: that can be taken back, removing cannot. Its people stay in Keycloak, without their way in.

Example:
  cloudpass idp remove customer-a-idp --environment production.yaml`,
    )
    .action(async (id: string, paths: string[], options: Options) => {
      const removed = (found: WrittenIdentityProvider, files: readonly RealmFile[]) =>
        removedFrom(terminal, id, found, files, { ...options, paths });
      finish(await changeWritten(terminal, id, paths, { ...options, yes: true }, removed));
    });
}

/** The file without it, after its name was typed. */
async function removedFrom(
  terminal: Terminal,
  id: string,
  found: WrittenIdentityProvider,
  files: readonly RealmFile[],
  options: Options & { readonly paths: readonly string[] },
): Promise<Made> {
  if (!removable.includes(found.stage)) {
    throw new CommandFailure(`${id} is ${found.stage}`, {
      means: "What is removed cannot be brought back: its people would be new people.",
      fix: `switch it off first: ${shellWords(["cloudpass", "idp", "stage", id, "suspended", ...options.paths])}`,
    });
  }
  const reach = await lookAt(terminal, files, found, options);
  show(terminal, ...formatReach(id, reach));
  if (options.dryRun !== true && options.confirm?.includes(id) !== true) {
    await confirmName(terminal, id, `${reach.people} people would lose their way in for good.`);
  }
  const first = reach.tenants.map((tenant) => `→ take ${id} out of tenant ${tenant} in the policy`);
  return { text: withoutIdentityProvider(found), first };
}

async function lookAt(
  terminal: Terminal,
  files: readonly RealmFile[],
  written: WrittenIdentityProvider,
  options: Options,
): Promise<IdentityProviderReach> {
  const environment = await openEnvironment(terminal, options.environment);
  const policy = () => readPolicy(options.policies);
  return lookAtIdentityProvider(
    { written, files, environment, policy },
    { clock: terminal.clock, random: systemRandom },
  );
}

const formatReach = (id: string, { people, organizations, tenants }: IdentityProviderReach): string[] => [
  `${plain(id)} is the way in of`,
  `  ${people} people in Keycloak, whose links to it would be cut`,
  `  organizations: ${organizations.map(plain).join(", ") || "none"}`,
  `  tenants of the policies: ${tenants.join(", ") || "none"}`,
];
