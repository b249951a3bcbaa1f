import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import type { Terminal } from "../../../terminal.ts";
import { addApprove } from "./approve.ts";
import { addDeny } from "./deny.ts";
import { addList } from "./list.ts";
import { addShow } from "./show.ts";

/** `cloudpass tenant requests list|show|approve|deny` */
export function addRequests(tenant: Command, terminal: Terminal, finish: Finish): void {
  const requests = tenant.command("requests").description("what people ask for, and deciding it");
  for (const add of [addList, addShow, addApprove, addDeny]) add(requests, terminal, finish);
}
