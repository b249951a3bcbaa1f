import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import type { Terminal } from "../../../terminal.ts";
import { addShorten, addTakeBack } from "./change.ts";
import { addClose } from "./close.ts";
import { addConfirm } from "./confirm.ts";
import { addList } from "./list.ts";
import { addShow } from "./show.ts";
import { addStart } from "./start.ts";

/** `cloudpass tenant review list|start|show|confirm|shorten|take-back|close` */
export function addReview(tenant: Command, terminal: Terminal, finish: Finish): void {
  const review = tenant.command("review").description("look again at what was given: is it still needed?");
  for (const add of [addList, addStart, addShow, addConfirm, addShorten, addTakeBack, addClose])
    add(review, terminal, finish);
}
