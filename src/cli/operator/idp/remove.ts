import type { Command } from "commander";
import { lookupIn } from "../../../config/index.ts";
import { systemRandom } from "../../../core/index.ts";
import {
  type IdentityProviderMeant,
  type IdentityProviderReach,
  lookAtIdentityProvider,
  OperationRefused,
  removeIdentityProvider,
} from "../../../operations/index.ts";
import { CommandFailure, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { shellWords } from "../../shell-words.ts";
import { show, type Terminal } from "../../terminal.ts";
import { confirmName } from "../confirm.ts";
import { openEnvironment, readPolicy } from "../files.ts";
import { confirmOption } from "../plan-options.ts";
import { environmentOption } from "../realms/realm-options.ts";
import { type ChangeFlags, changeOptions, confirmChangeOf, pathsArgument, readFiles } from "./files.ts";

interface Options extends ChangeFlags {
  readonly environment: string;
  readonly policies: readonly string[];
  readonly confirm?: readonly string[];
}

/** `cloudpass idp remove` */
export function addRemove(idp: Command, terminal: Terminal, finish: Finish): void {
  changeOptions(environmentOption(pathsArgument(idp.command("remove").argument("<id>", "the identity provider"))))
    .description("take an identity provider out of the realm file; shows first what hangs on it")
    .option("-p, --policies <path...>", "policy files, folders, and bare repositories of tenants' files", ["policies"])
    .addOption(confirmOption())
    .addHelpText(
      "after",
      `
It must be a draft or suspended: that can be taken back, removing cannot. Its people stay in Keycloak, without their way in.

Example:
  cloudpass idp remove customer-a-idp --environment production.yaml`,
    )
    .action(async (id: string, paths: string[], options: Options) => {
      finish(await remove(terminal, { files: readFiles(paths), id }, { ...options, paths }));
    });
}

/** Takes it out of the file, after its name was typed. */
async function remove(
  terminal: Terminal,
  meant: IdentityProviderMeant,
  options: Options & { readonly paths: readonly string[] },
): Promise<number> {
  const { id } = meant;
  const reach = await lookAt(terminal, meant, options);
  show(terminal, ...formatReach(id, reach));
  if (options.dryRun !== true && options.confirm?.includes(id) !== true) {
    await confirmName(terminal, id, `${reach.people} people would lose their way in for good.`);
  }
  const first = reach.tenants.map((tenant) => `→ take ${id} out of tenant ${tenant} in the policy`);
  const removed = removeIdentityProvider(meant, { lookup: lookupIn(terminal.env) });
  return confirmChangeOf(terminal, removed, { first }, { ...options, yes: true });
}

async function lookAt(
  terminal: Terminal,
  meant: IdentityProviderMeant,
  options: Options & { readonly paths: readonly string[] },
): Promise<IdentityProviderReach> {
  const wanted = {
    ...meant,
    environment: () => openEnvironment(terminal, options.environment),
    policy: () => readPolicy(terminal, options.policies),
  };
  const deps = { clock: terminal.clock, random: systemRandom };
  return lookAtIdentityProvider(wanted, deps).catch((problem: unknown) => {
    if (!(problem instanceof OperationRefused) || problem.reason !== "still on") throw problem;
    throw new CommandFailure(problem.message, {
      means: problem.meaning ?? "",
      fix: `switch it off first: ${shellWords(["cloudpass", "idp", "stage", meant.id, "suspended", ...options.paths])}`,
    });
  });
}

const formatReach = (id: string, { people, organizations, tenants }: IdentityProviderReach): string[] => [
  `${plain(id)} is the way in of`,
  `  ${people} people in Keycloak, whose links to it would be cut`,
  `  organizations: ${organizations.map(plain).join(", ") || "none"}`,
  `  tenants of the policies: ${tenants.join(", ") || "none"}`,
];
