import { Argument, type Command } from "commander";
import type { Finish } from "./finish.ts";
import { bashCompletion } from "./reference/bash.ts";
import { type CommandFacts, readProgram } from "./reference/facts.ts";
import { fishCompletion } from "./reference/fish.ts";
import { zshCompletion } from "./reference/zsh.ts";
import { show, type Terminal } from "./terminal.ts";

const shells: Readonly<Record<string, (program: CommandFacts) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `cloudpass completion` */
export function addCompletion(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command("completion")
    .description("let your shell complete commands and options")
    .addArgument(new Argument("<shell>", "the shell that you use").choices(Object.keys(shells)))
    .addHelpText(
      "after",
      `
It prints a script for the shell, which asks no server and starts nothing when you press Tab.

Examples:
  source <(cloudpass completion bash)        in ~/.bashrc
  source <(cloudpass completion zsh)         in ~/.zshrc, after compinit
  cloudpass completion fish > ~/.config/fish/completions/cloudpass.fish`,
    )
    .action((shell: string) => {
      show(terminal, ...(shells[shell]?.(readProgram(program)) ?? "").trimEnd().split("\n"));
      finish(0);
    });
}
