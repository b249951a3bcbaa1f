import { exitCodeMeanings } from "./exit-codes.ts";
import { type ArgumentFacts, allOf, type CommandFacts, isRun, type OptionFacts } from "./facts.ts";

/** The page `docs/reference/commands.md`, from the definitions of the commands. */
export function commandsPage(program: CommandFacts): string {
  return `# Commands

Made by \`npm run docs\` from the definitions of the commands, as \`cloudpass COMMAND --help\`, the manual pages (\`man
cloudpass\`, \`man cloudpass-login\`) and the completion of the shells are. Results go to standard output, everything for the
person to standard error; a failure says what happened, what it means and what to do.

${contents(program)}

## Exit codes

| code | meaning |
|---|---|
${exitCodeMeanings.map(([code, meaning]) => `| ${code} | ${meaning} |`).join("\n")}

\`cloudpass exec\` and its like end with the exit code of the command that they ran.

## What is common

- \`--output json\` (\`-o json\`), where a command answers something: one JSON document on standard output, with names that stay. The
  exit code is the same.
- Colours and lines that change in place are for terminals. \`NO_COLOR\`, set to anything, and \`TERM=dumb\` turn colours off
  ([no-color.org](https://no-color.org)).
- Files of a person lie where XDG says: \`$XDG_CONFIG_HOME/cloudpass\`, else \`~/.config/cloudpass\`; the logins in
  \`$XDG_STATE_HOME/cloudpass\`, else \`~/.local/state/cloudpass\`.
- Nothing is reported to anybody: a command asks the servers that it is for, and no others.

${allOf(program).slice(1).map(section).join("\n\n")}
`;
}

const anchor = ({ name }: CommandFacts): string => `#${name.replaceAll(" ", "-")}`;

/** The commands that have an action of their own, by whom they are for. */
function contents(program: CommandFacts): string {
  const groups = new Map<string, CommandFacts[]>();
  for (const command of program.commands)
    groups.set(command.group, [...(groups.get(command.group) ?? []), ...allOf(command)]);
  return [...groups]
    .map(([group, commands]) => {
      const links = commands.filter(isRun).map((command) => `[${command.path.join(" ")}](${anchor(command)})`);
      return `**${group}** ${links.join(", ")}`;
    })
    .join("\n\n");
}

function section(command: CommandFacts): string {
  const { name, description, usage, commands, options, more } = command;
  const parts = [
    `${"#".repeat(Math.min(command.path.length + 1, 4))} ${name}`,
    `${capital(asMarkdown(description))}.`,
    ...(commands.length > 0
      ? [commands.map((sub) => `- [${sub.name}](${anchor(sub)}): ${asMarkdown(sub.description)}`).join("\n")]
      : []),
    ...(isRun(command) ? [`\`\`\`text\n${name} ${usage}\n\`\`\``] : []),
    ...tableOf(
      "argument",
      command.arguments.filter(({ description: said }) => said !== ""),
      argumentRow,
    ),
    ...tableOf(
      "option",
      options.filter(({ long }) => long !== "--help"),
      optionRow,
    ),
    ...(more === "" ? [] : [`\`\`\`text\n${more}\n\`\`\``]),
  ];
  return parts.join("\n\n");
}

const tableOf = <T>(what: string, entries: readonly T[], row: (entry: T) => string): string[] =>
  entries.length === 0 ? [] : [`| ${what} | meaning |\n|---|---|\n${entries.map(row).join("\n")}`];

const argumentRow = ({ name, description, choices }: ArgumentFacts): string =>
  `| \`${name}\` | ${cell(description, choices)} |`;

function optionRow({ flags, description, choices, isRequired, fallback }: OptionFacts): string {
  const more = [...(isRequired ? ["needed"] : []), ...(fallback === undefined ? [] : [`else \`${fallback}\``])];
  return `| \`${flags.replaceAll("|", "\\|")}\` | ${cell(description, choices)}${more.length > 0 ? ` (${more.join(", ")})` : ""} |`;
}

const cell = (description: string, choices: readonly string[]): string =>
  asMarkdown(description) + (choices.length > 0 ? `: ${choices.map((choice) => `\`${choice}\``).join(", ")}` : "");

/** Text of the help as Markdown: what would be markup is none, and an address is no link. */
const asMarkdown = (text: string): string => text.replace(/[<>|*_`]/g, (mark) => `\\${mark}`).replace(/\s+/g, " ");
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
