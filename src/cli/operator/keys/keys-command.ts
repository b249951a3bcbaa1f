import { Option } from "commander";
import type { BrokerState } from "../../../operations/index.ts";
import type { Finish } from "../../finish.ts";
import { shellWords } from "../../shell-words.ts";
import { show, type Terminal } from "../../terminal.ts";
import { type OnBroker, readBrokerConfig } from "../broker.ts";

/** What every command on keys is told. */
export interface KeyOptions {
  readonly config: string;
  readonly output: string;
}

/** `--use` */
export interface UseOptions {
  readonly use: "token" | "client" | "all";
}

/** What the commands on keys work with. */
export interface KeysCommand {
  readonly terminal: Terminal;
  on<T>(options: KeyOptions, work: (state: BrokerState) => Promise<T>): Promise<T>;
  /** Shows the value as JSON, or these lines, and ends well. */
  answer(options: KeyOptions, value: object, lines: readonly string[]): void;
}

/** Works on the key set that the options name. */
export const keysCommand = (onBroker: OnBroker, terminal: Terminal, finish: Finish): KeysCommand => ({
  terminal,
  on: (options, work) => onBroker(readBrokerConfig(options.config, terminal), work),
  answer: ({ output }, value, lines) => {
    if (output === "json") show(terminal, JSON.stringify(value, undefined, 2));
    else show(terminal, ...lines);
    finish(0);
  },
});

/** `--use token|client|all` */
export const useOption = (): Option =>
  new Option("--use <use>", "token: keys that sign tokens; client: keys that prove to Keycloak who the broker is")
    .choices(["token", "client", "all"])
    .default("all");

/** The uses that `--use` means. */
export const usesOf = ({ use }: UseOptions): readonly ("token" | "client")[] =>
  use === "all" ? ["token", "client"] : [use];

/** Another of these commands on the same broker, as an advice prints it. */
export const adviceOf = (verb: string, { config }: KeyOptions): string =>
  shellWords(["cloudpass", "keys", verb, "--config", config]);
