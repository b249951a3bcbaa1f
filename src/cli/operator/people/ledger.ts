import type { Command } from "commander";
import { exitCodes } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { show, type Terminal } from "../../terminal.ts";
import { configOption, readSharedConfig } from "../broker-config.ts";
import type { Operate } from "../tools.ts";

/** `cloudpass people ledger` */
export function addLedger(people: Command, operate: Operate, terminal: Terminal, finish: Finish): void {
  configOption(people.command("ledger"))
    .description("who logged in lately, as JSON for `policies explain` and `policies check`: pseudonyms, no names")
    .addHelpText(
      "after",
      `
Holds of each person the claims that the policy reads, and nothing else; kept for lifetimes.knownPerson, or until
people revoke.

Example:
  cloudpass people ledger > people.json`,
    )
    .action((options: { readonly config: string }) => {
      const config = readSharedConfig(options.config, terminal);
      return operate(config, async (tools) => {
        show(terminal, JSON.stringify({ people: await tools.people.ledger() }, undefined, 2));
        finish(exitCodes.ok);
      });
    });
}
