import type { Command } from "commander";
import { lookupIn } from "../../../config/index.ts";
import { systemRandom } from "../../../core/index.ts";
import { examineBroker, withBrokerState } from "../../../operations/index.ts";
import type { Finish } from "../../finish.ts";
import { proxyFor } from "../../network.ts";
import { outputOption } from "../../output.ts";
import type { Terminal } from "../../terminal.ts";
import { configOption } from "../broker.ts";
import { openEnvironment } from "../files.ts";
import { listenerOf } from "../progress.ts";
import { showReport } from "./examination.ts";

interface Options {
  readonly config: string;
  readonly environment?: string;
  readonly output: string;
}

/** `cloudpass doctor broker` */
export function addBroker(doctor: Command, terminal: Terminal, finish: Finish): void {
  configOption(outputOption(doctor.command("broker")))
    .description(
      "the whole chain of a login: files, DNS, TLS, proxy, Keycloak, our key there, store, audit, mail, clocks, IdPs",
    )
    .option("-e, --environment <file>", "environment file: its private certificate authority is trusted")
    .addHelpText(
      "after",
      `
Writes nothing, and sends no mail. Run it where the broker runs, with the same variables.
Exit codes: 0 good, or only warnings; 1 something is wrong.

Examples:
  cloudpass doctor broker
  cloudpass doctor broker --config /etc/cloudpass/broker.yaml --environment environment.yaml`,
    )
    .action(async (options: Options) => {
      if (options.environment !== undefined) await openEnvironment(terminal, options.environment);
      const report = await examineBroker(
        { configFile: options.config },
        {
          clock: terminal.clock,
          random: systemRandom,
          lookup: lookupIn(terminal.env),
          listener: listenerOf(terminal),
          proxyOf: (url) => proxyFor(terminal.env, url),
          open: withBrokerState,
        },
      );
      finish(showReport(terminal, report, options));
    });
}
