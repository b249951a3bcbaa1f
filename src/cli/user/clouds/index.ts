import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { addList } from "./list.ts";
import { addUndo } from "./undo.ts";
import { addDiff, addWrite } from "./write.ts";

/** `cloudpass clouds` */
export function addClouds(program: Command, terminal: Terminal, finish: Finish): void {
  const clouds = program
    .command("clouds")
    .description("put the clouds that you may use into your clouds.yaml")
    .addHelpText(
      "after",
      `
The entries hold no secret. Beside them, in secure.yaml (0600), stands a token of each cloud, good for about an hour:
with it openstack, terraform and the SDKs work without asking. What else stands in the files keeps every byte.

Examples:
  cloudpass clouds diff
  cloudpass clouds write
  openstack --os-cloud gx1-dev server list
  cloudpass clouds undo`,
    );
  for (const add of [addWrite, addDiff, addUndo, addList]) add(clouds, terminal, finish);
}
