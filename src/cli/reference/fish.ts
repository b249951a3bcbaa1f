import { allOf, type CommandFacts, isPath, type OptionFacts } from "./facts.ts";

/** Completion for fish, from the definitions of the commands; it asks nobody and starts nothing. */
export function fishCompletion(program: CommandFacts): string {
  const all = allOf(program);
  return `# fish completion for ${program.name}, made by "${program.name} completion fish"

# True when the command line is at this command, so far.
function __${program.name}_at
    set -l at
    set -l skip
    for word in (commandline -opc)[2..]
        if test -n "$skip"
            set skip
        else if string match -q -- '-*' $word
            contains -- "$at $word" $__${program.name}_valued; and set skip 1
        else if contains -- (string trim -- "$at $word") $__${program.name}_commands
            set at (string trim -- "$at $word")
        end
    end
    test "$at" = "$argv[1]"
end

set -g __${program.name}_commands ${all
    .slice(1)
    .map(({ path }) => quoted(path.join(" ")))
    .join(" ")}
set -g __${program.name}_valued ${all.flatMap(valued).map(quoted).join(" ")}

complete -c ${program.name} -f
${all.flatMap((command) => linesOf(program.name, command)).join("\n")}
`;
}

const valued = ({ path, options }: CommandFacts): string[] =>
  options
    .filter(({ value }) => value !== undefined)
    .flatMap(({ short, long }) => [short, long].filter((name) => name !== undefined))
    .map((name) => `${path.join(" ")} ${name}`);

function linesOf(program: string, { path, commands, options, arguments: taken }: CommandFacts): string[] {
  const at = `complete -c ${program} -n ${quoted(`__${program}_at ${path.length === 0 ? "''" : `'${path.join(" ")}'`}`)}`;
  return [
    ...commands.map((sub) => `${at} -a ${sub.path.at(-1)} -d ${quoted(sub.description)}`),
    ...taken.filter(({ choices }) => choices.length > 0).map(({ choices }) => `${at} -a ${quoted(choices.join(" "))}`),
    ...(taken.some(({ name }) => isPath(name)) ? [`${at} -F`] : []),
    ...options.map((option) => `${at} ${optionOf(option)} -d ${quoted(option.description)}`),
  ];
}

function optionOf({ short, long, value, choices }: OptionFacts): string {
  return [
    ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
    ...(long === undefined ? [] : [`-l ${long.slice(2)}`]),
    ...(value === undefined ? [] : [choices.length === 0 && isPath(value) ? "-r -F" : "-x"]),
    ...(choices.length > 0 ? [`-a ${quoted(choices.join(" "))}`] : []),
  ].join(" ");
}

/** A text as one word of fish, in which only the quote and the backslash mean something. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, (mark) => `\\${mark}`)}'`;
