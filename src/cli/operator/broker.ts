import type { Command } from "commander";
import { type BrokerConfig, lookupIn, readConfig } from "../../config/index.ts";
import { systemRandom } from "../../core/index.ts";
import type { BrokerState, WithBrokerState } from "../../operations/index.ts";
import { orRefuse } from "../../operations/index.ts";
import { CommandFailure } from "../failure.ts";
import { notify, type Terminal } from "../terminal.ts";

/** `--config broker.yaml` */
export const configOption = (command: Command): Command =>
  command.option("-c, --config <file>", "the broker's configuration", "broker.yaml");

/** Works on the state of a broker with this configuration. */
export type OnBroker = <T>(config: BrokerConfig, work: (state: BrokerState) => Promise<T>) => Promise<T>;

/** Opens it with this terminal: what has no audit file is written to its standard error. */
export const onBrokerWith =
  (open: WithBrokerState, terminal: Terminal): OnBroker =>
  (config, work) => {
    const deps = {
      clock: terminal.clock,
      random: systemRandom,
      toLog: (entry: object) => notify(terminal, JSON.stringify({ audit: entry })),
      notice: (message: string) => notify(terminal, message),
    };
    return open(config, deps, work);
  };

/** Reads the broker's configuration; a secret when it is used. */
export function readBrokerConfig(file: string, { env }: Terminal): BrokerConfig {
  return orRefuse(readConfig(file, lookupIn(env), "when used"), "the configuration").value;
}

/** The configuration of a broker whose state another process can reach. */
export function readSharedConfig(file: string, terminal: Terminal): BrokerConfig {
  const config = readBrokerConfig(file, terminal);
  if (config.store.kind !== "memory") return config;
  throw new CommandFailure("this broker keeps its state in memory, where no other process can reach it", {
    means: "Nothing was done.",
    fix: "restart the broker: that ends every login and session of everybody; or use store: {kind: redis, …}",
  });
}
