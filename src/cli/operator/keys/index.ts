import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import type { OnBroker } from "../broker.ts";
import { addCreate } from "./create.ts";
import { addEmergency } from "./emergency.ts";
import { addExport } from "./export.ts";
import { addImport } from "./import.ts";
import { keysCommand } from "./keys-command.ts";
import { addList } from "./list.ts";
import { addRetire } from "./retire.ts";
import { addRotate } from "./rotate.ts";

/** `cloudpass keys create|list|rotate|retire|emergency|export|import` */
export function addKeys(program: Command, onBroker: OnBroker, terminal: Terminal, finish: Finish): void {
  const keys = program.command("keys").description("the broker's signing keys");
  const command = keysCommand(onBroker, terminal, finish);
  for (const add of [addCreate, addList, addRotate, addRetire, addEmergency, addExport, addImport]) add(keys, command);
}
