import type { Command } from "commander";
import { systemRandom } from "../../../core/index.ts";
import { examineTarget } from "../../../operations/index.ts";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import type { OnBroker } from "../broker.ts";
import { listenerOf } from "../progress.ts";
import { type DoctorOptions, doctorOptions, examination, showReport } from "./examination.ts";

/** `cloudpass doctor cluster` */
export function addCluster(doctor: Command, onBroker: OnBroker, terminal: Terminal, finish: Finish): void {
  doctorOptions(doctor.command("cluster"), { kind: "cluster", example: "prod1", writes: "Writes nothing." })
    .description("roles, metrics, prefix, and which tokens the API server honours")
    .action(async (name: string, options: DoctorOptions) => {
      const deps = { clock: terminal.clock, random: systemRandom, listener: listenerOf(terminal) };
      const report = await examination(terminal, onBroker, { kind: "cluster", name, options }, (wanted) =>
        examineTarget(wanted, deps),
      );
      finish(showReport(terminal, report, options));
    });
}
