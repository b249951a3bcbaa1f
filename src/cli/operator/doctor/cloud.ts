import type { Command } from "commander";
import { systemRandom } from "../../../core/index.ts";
import { examineTarget } from "../../../operations/index.ts";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import type { OnBroker } from "../broker.ts";
import { untilInterrupted } from "../interrupt.ts";
import { listenerOf } from "../progress.ts";
import { type DoctorOptions, doctorOptions, examination, showReport } from "./examination.ts";

/** `cloudpass doctor cloud` */
export function addCloud(doctor: Command, onBroker: OnBroker, terminal: Terminal, finish: Finish): void {
  const writes = "Makes two domains (cloudpass--check-…) for some seconds, and removes them.";
  doctorOptions(doctor.command("cloud"), { kind: "cloud", example: "gx1", writes })
    .description("release, policy settings, what domain managers may assign, mappings, and the web server in front")
    .option("--all", "each advisory by itself that cannot be told from outside")
    .action(async (name: string, options: DoctorOptions) => {
      const report = await examination(terminal, onBroker, { kind: "cloud", name, options }, (wanted) =>
        untilInterrupted(terminal, "removing what was made …", (signal) =>
          examineTarget(wanted, {
            clock: terminal.clock,
            random: systemRandom,
            listener: listenerOf(terminal),
            signal,
          }),
        ),
      );
      finish(showReport(terminal, report, options));
    });
}
