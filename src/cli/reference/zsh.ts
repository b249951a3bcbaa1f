import { type ArgumentFacts, allOf, type CommandFacts, isPath, type OptionFacts } from "./facts.ts";

/** Completion for zsh, from the definitions of the commands; it asks nobody and starts nothing. */
export function zshCompletion(program: CommandFacts): string {
  return `#compdef ${program.name}
# zsh completion for ${program.name}, made by "${program.name} completion zsh"

${allOf(program).map(functionOf).join("\n\n")}

if [ "$funcstack[1]" = "_${program.name}" ]; then
  _${program.name} "$@"
else
  compdef _${program.name} ${program.name}
fi
`;
}

const nameOf = ({ name }: CommandFacts): string => `_${name.replaceAll(" ", "__").replaceAll("-", "_")}`;

function functionOf(command: CommandFacts): string {
  const options = command.options.map(optionSpec);
  if (command.commands.length === 0) {
    const specs = [...options, ...command.arguments.map(argumentSpec)];
    return `${nameOf(command)}() {\n  _arguments -s ${continued(specs)}\n}`;
  }
  const described = command.commands.map((sub) => quoted(`${escaped(sub.path.at(-1) ?? "")}:${sub.description}`));
  const cases = command.commands.map((sub) => `    ${sub.path.at(-1)}) ${nameOf(sub)} ;;`);
  return `${nameOf(command)}() {
  local context state line
  typeset -A opt_args
  _arguments -C -s ${continued([...options, quoted("1: :->command"), quoted("*:: :->rest")])}
  case $state in
  command)
    local -a commands=(
      ${described.join("\n      ")}
    )
    _describe -t commands command commands
    ;;
  rest)
    case $line[1] in
${cases.join("\n")}
    esac
    ;;
  esac
}`;
}

const continued = (specs: readonly string[]): string => ["", ...specs].join(" \\\n    ").trimStart();

function optionSpec({ short, long, description, value, choices }: OptionFacts): string {
  const names = [short, long].filter((name) => name !== undefined);
  const takes = value === undefined ? "" : `:${escaped(value)}:${actionOf(value, choices)}`;
  const rest = `[${bracketed(description)}]${takes}`;
  if (names.length === 1) return quoted(`${names[0]}${value === undefined ? "" : "="}${rest}`);
  const each = names.map((name) => quoted(`${name}${value === undefined ? "" : name.startsWith("--") ? "=" : "+"}`));
  return `${quoted(`(${names.join(" ")})`)}{${each.join(",")}}${quoted(rest)}`;
}

const argumentSpec = ({ name, choices }: ArgumentFacts): string =>
  quoted(`*: :${actionOf(name, choices)}`.replace(": :", `:${escaped(name)}:`));

function actionOf(name: string, choices: readonly string[]): string {
  if (choices.length > 0) return `(${choices.join(" ")})`;
  if (name === "command") return "_normal";
  return isPath(name) ? "_files" : "";
}

/** Within brackets of a specification of `_arguments`. */
const bracketed = (text: string): string => text.replace(/[\\[\]]/g, (mark) => `\\${mark}`);

/** Between colons of a specification. */
const escaped = (text: string): string => text.replace(/[\\:]/g, (mark) => `\\${mark}`);

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
