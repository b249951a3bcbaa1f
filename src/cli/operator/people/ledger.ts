import type { Command } from "commander";
import { listKnownPeople } from "../../../operations/index.ts";
import { exitCodes } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { show, type Terminal } from "../../terminal.ts";
import { configOption, type OnBroker, readSharedConfig } from "../broker.ts";

/** `cloudpass people ledger` */
export function addLedger(people: Command, onBroker: OnBroker, terminal: Terminal, finish: Finish): void {
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
      return onBroker(config, async (state) => {
        show(terminal, JSON.stringify({ people: await listKnownPeople(state) }, undefined, 2));
        finish(exitCodes.ok);
      });
    });
}
