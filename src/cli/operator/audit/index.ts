import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import type { OnBroker } from "../broker.ts";
import { addShow } from "./show.ts";
import { addVerify } from "./verify.ts";

/** `cloudpass audit show|verify` */
export function addAudit(program: Command, onBroker: OnBroker, terminal: Terminal, finish: Finish): void {
  const audit = program.command("audit").description("what happened, provably");
  for (const add of [addShow, addVerify]) add(audit, onBroker, terminal, finish);
}
