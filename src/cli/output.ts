import { type Command, Option } from "commander";

/** `--output text|json` */
export const outputOption = (command: Command): Command =>
  command.addOption(new Option("-o, --output <form>", "output format").choices(["text", "json"]).default("text"));
