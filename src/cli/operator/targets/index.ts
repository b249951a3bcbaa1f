import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { addRender } from "./render.ts";
import { addScsCheck } from "./scs-check.ts";

/** `cloudpass targets scs-check|render` */
export function addTargets(program: Command, terminal: Terminal, finish: Finish): void {
  const targets = program
    .command("targets")
    .description("clouds and clusters: what no API can set, and proof of what they do");
  for (const add of [addScsCheck, addRender]) add(targets, terminal, finish);
}
