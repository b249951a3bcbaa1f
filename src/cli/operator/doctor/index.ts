import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import type { OnBroker } from "../broker.ts";
import { addBroker } from "./broker.ts";
import { addCloud } from "./cloud.ts";
import { addCluster } from "./cluster.ts";

/** `cloudpass doctor broker|cloud|cluster` */
export function addServerDoctors(doctor: Command, onBroker: OnBroker, terminal: Terminal, finish: Finish): void {
  addBroker(doctor, terminal, finish);
  for (const add of [addCloud, addCluster]) add(doctor, onBroker, terminal, finish);
}
