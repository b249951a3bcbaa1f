import { allOf, type CommandFacts, isPath, type OptionFacts } from "./facts.ts";

/** Completion for bash, from the definitions of the commands; it asks nobody and starts nothing. */
export function bashCompletion(program: CommandFacts): string {
  const all = allOf(program);
  return `# bash completion for ${program.name}, made by "${program.name} completion bash"

${completer(program.name)}
# The commands below a command.
_${program.name}_commands() {
${byPath(all, ({ commands }) => commands.map(({ path }) => path.at(-1) ?? ""))}
}

# Words that a command takes; ":" is a file.
_${program.name}_arguments() {
${byPath(all, (command) => command.arguments.flatMap((argument) => valuesOf(argument.name, argument.choices)))}
}

_${program.name}_options() {
${byPath(all, ({ options }) => options.flatMap(namesOf))}
}

# Those that are followed by a value.
_${program.name}_valued() {
${byPath(all, ({ options }) => options.filter(({ value }) => value !== undefined).flatMap(namesOf))}
}

# The values of one of them; ":" is a file.
_${program.name}_values() {
  case "$1 $2" in
${all.flatMap(valueCases).join("\n")}
  esac
}

complete -F _${program.name} ${program.name}
`;
}

/** Finds the command that is typed so far, and offers what may follow. */
const completer = (name: string): string => `_${name}() {
  local at= word previous= skip= rest= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $skip ]]; then
      skip=
    elif [[ $word == -- ]]; then
      rest=1
      break
    elif [[ $word == -* ]]; then
      [[ " $(_${name}_valued "$at") " == *" $word "* ]] && skip=1
    elif [[ " $(_${name}_commands "$at") " == *" $word "* ]]; then
      at+="\${at:+ }$word"
    fi
  done
  word=\${COMP_WORDS[COMP_CWORD]}
  previous=\${COMP_WORDS[COMP_CWORD-1]}
  if [[ -n $rest ]]; then
    COMPREPLY=($(compgen -c -f -- "$word"))
  elif [[ -n $skip ]]; then
    local values
    values=$(_${name}_values "$at" "$previous")
    if [[ $values == : ]]; then
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$word"))
    else
      COMPREPLY=($(compgen -W "$values" -- "$word"))
    fi
  elif [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$(_${name}_options "$at")" -- "$word"))
  else
    local words
    words="$(_${name}_commands "$at") $(_${name}_arguments "$at")"
    if [[ " $words " == *" : "* ]]; then
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$word"))
    fi
    COMPREPLY+=($(compgen -W "\${words//:/}" -- "$word"))
  fi
}
`;

const namesOf = ({ short, long }: OptionFacts): string[] => [short, long].filter((name) => name !== undefined);

const valuesOf = (name: string, choices: readonly string[]): readonly string[] =>
  choices.length > 0 ? choices : isPath(name) ? [":"] : [];

function byPath(all: readonly CommandFacts[], words: (command: CommandFacts) => readonly string[]): string {
  const cases = all.flatMap((command) => {
    const found = words(command);
    return found.length === 0 ? [] : [`    "${command.path.join(" ")}") echo "${found.join(" ")}" ;;`];
  });
  return `  case "$1" in\n${cases.join("\n")}\n  esac`;
}

const valueCases = ({ path, options }: CommandFacts): string[] =>
  options.flatMap((option) => {
    const values = option.value === undefined ? [] : valuesOf(option.value, option.choices);
    if (values.length === 0) return [];
    const names = namesOf(option).map((name) => `"${[...path, name].join(" ")}"`);
    return [`    ${names.join(" | ")}) echo "${values.join(" ")}" ;;`];
  });
