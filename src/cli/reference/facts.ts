import type { Argument, Command, Option } from "commander";

/** A command as its definition says it: what help, manual, reference and completion are made of. */
export interface CommandFacts {
  /** As it is typed: `cloudpass`, `cloudpass tenant list`. */
  readonly name: string;
  /** Its words after the program's name. */
  readonly path: readonly string[];
  readonly description: string;
  /** What follows the name: `[options] <file...>`. */
  readonly usage: string;
  /** Whom it is for, as the help groups the commands. */
  readonly group: string;
  readonly options: readonly OptionFacts[];
  readonly arguments: readonly ArgumentFacts[];
  /** What its help says after the options: examples above all. */
  readonly more: string;
  readonly commands: readonly CommandFacts[];
}

/** An option of a command. */
export interface OptionFacts {
  /** As the help shows it: `-o, --output <form>`. */
  readonly flags: string;
  readonly short: string | undefined;
  readonly long: string | undefined;
  readonly description: string;
  /** What its value is called: `form`; absent where it takes none. */
  readonly value: string | undefined;
  readonly choices: readonly string[];
  readonly isRequired: boolean;
  readonly fallback: string | undefined;
}

/** A word that a command takes. */
export interface ArgumentFacts {
  readonly name: string;
  readonly description: string;
  readonly choices: readonly string[];
}

/** Reads the commands of a program, which is not to be run after it: its help goes elsewhere. */
export const readProgram = (program: Command): CommandFacts => factsOf(program, []);

function factsOf(command: Command, path: readonly string[]): CommandFacts {
  const help = command.createHelp();
  const below = help.visibleCommands(command).filter((sub) => sub.name() !== "help");
  return {
    name: [nameOfRoot(command), ...path].join(" "),
    path,
    description: command.description(),
    usage: command.usage(),
    group: command.helpGroup(),
    options: help.visibleOptions(command).map(optionFacts),
    arguments: command.registeredArguments.map(argumentFacts),
    more: moreOf(command),
    commands: below.map((sub) => factsOf(sub, [...path, sub.name()])),
  };
}

/** What was added to a command's help; the library only writes it. */
function moreOf(command: Command): string {
  let written = "";
  command.configureOutput({
    writeOut: (text) => {
      written += text;
    },
  });
  command.outputHelp();
  return written.slice(command.helpInformation().length).trim();
}

const nameOfRoot = (command: Command): string =>
  command.parent === null ? command.name() : nameOfRoot(command.parent);

/** True for a command that does something by itself, and is no mere name for those below it. */
export const isRun = ({ commands, options, arguments: taken }: CommandFacts): boolean =>
  commands.length === 0 || taken.length > 0 || options.some(({ long }) => long !== "--help");

/** A command and all below it, in the order of the help. */
export const allOf = (facts: CommandFacts): readonly CommandFacts[] => [facts, ...facts.commands.flatMap(allOf)];

function optionFacts(option: Option): OptionFacts {
  const value = /[<[]([^>\]]+?)(?:\.\.\.)?[>\]]/.exec(option.flags)?.[1];
  return {
    flags: option.flags,
    short: option.short,
    long: option.long,
    description: option.description,
    value,
    choices: option.argChoices ?? [],
    isRequired: option.mandatory,
    fallback: value === undefined || option.defaultValue === undefined ? undefined : String(option.defaultValue),
  };
}

const argumentFacts = (argument: Argument): ArgumentFacts => ({
  name: argument.name(),
  description: argument.description,
  choices: argument.argChoices ?? [],
});

/** True for the name of a value that is a path on this machine: shells complete those by themselves. */
export const isPath = (value: string): boolean => /^(?:.*[-_ ])?(?:file|folder|dir|path|paths|files)$/i.test(value);
