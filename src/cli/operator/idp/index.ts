import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { addAdd } from "./add.ts";
import { addCheck } from "./check.ts";
import { addList } from "./list.ts";
import { addRemove } from "./remove.ts";
import { addRotate } from "./rotate.ts";
import { addStage } from "./stage.ts";
import { addTestLogin } from "./test-login.ts";

/** `cloudpass idp check|add|test-login|list|stage|rotate|remove` */
export function addIdp(program: Command, terminal: Terminal, finish: Finish): void {
  const idp = program.command("idp").description("customers' identity providers");
  for (const add of [addCheck, addAdd, addTestLogin, addList, addStage, addRotate, addRemove])
    add(idp, terminal, finish);
}
