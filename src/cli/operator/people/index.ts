import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import type { OnBroker } from "../broker.ts";
import { addLedger } from "./ledger.ts";
import { addList } from "./list.ts";
import { addRevoke } from "./revoke.ts";

/** `cloudpass people list|ledger|revoke` */
export function addPeople(program: Command, onBroker: OnBroker, terminal: Terminal, finish: Finish): void {
  const people = program.command("people").description("the people who are signed in");
  for (const add of [addList, addLedger, addRevoke]) add(people, onBroker, terminal, finish);
}
