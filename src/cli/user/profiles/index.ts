import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { addList } from "./list.ts";
import { addRemove } from "./remove.ts";
import { addUse } from "./use.ts";

/** `cloudpass profiles list|use|remove` */
export function addProfiles(program: Command, terminal: Terminal, finish: Finish): void {
  const profiles = program
    .command("profiles")
    .description("several federations, each under a name")
    .addHelpText(
      "after",
      `
A login makes one: cloudpass login https://login.example --profile work.
Commands mean the one in use; another one is named by --profile, or
CLOUDPASS_PROFILE. They are kept in ~/.config/cloudpass/profiles.yaml, where
you may change them.

Examples:
  cloudpass profiles list
  cloudpass profiles use work
  cloudpass status --profile home`,
    );
  for (const add of [addList, addUse, addRemove]) add(profiles, terminal, finish);
}
