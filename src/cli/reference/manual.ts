import { exitCodeMeanings } from "./exit-codes.ts";
import { allOf, type CommandFacts, isRun, type OptionFacts } from "./facts.ts";

/** A page of the manual. */
interface ManualPage {
  /** Its file: `cloudpass-login.1`. */
  readonly file: string;
  readonly text: string;
}

/** The manual pages (man(7)): one of the program, and one of each command with all below it. */
export const manualPages = (program: CommandFacts, version: string): readonly ManualPage[] => [
  { file: `${program.name}.1`, text: overview(program, version) },
  ...program.commands.map((command) => ({
    file: `${command.name.replaceAll(" ", "-")}.1`,
    text: commandPage(command, program, version),
  })),
];

function overview(program: CommandFacts, version: string): string {
  const pages = program.commands.flatMap((command) => [
    ".TP",
    `.BR ${text(command.name.replaceAll(" ", "-"))} (1)`,
    text(command.description),
  ]);
  return [
    ...head(program, version),
    ".SH COMMANDS",
    ...pages,
    ".SH OPTIONS",
    ...program.options.flatMap(option),
    ...more(program),
    ...exitStatus,
    "",
  ].join("\n");
}

function commandPage(command: CommandFacts, program: CommandFacts, version: string): string {
  const below = allOf(command).slice(1).filter(isRun);
  const body = [
    ...(isRun(command) ? [".SH OPTIONS", ...command.options.flatMap(option)] : []),
    ...(below.length > 0 ? [".SH COMMANDS", ...below.flatMap(subsection)] : []),
    ...more(command),
  ];
  return [...head(command, version), ...body, ...exitStatus, ".SH SEE ALSO", `.BR ${text(program.name)} (1)`, ""].join(
    "\n",
  );
}

function head(command: CommandFacts, version: string): string[] {
  const title = command.name.replaceAll(" ", "-");
  return [
    `.TH ${title.toUpperCase()} 1 "" "cloudpass ${version}" "cloudpass"`,
    ".SH NAME",
    `${text(title)} \\- ${text(command.description)}`,
    ".SH SYNOPSIS",
    `.B ${text(command.name)}`,
    text(command.usage),
  ];
}

const subsection = (command: CommandFacts): string[] => [
  `.SS "${text(`${command.name} ${command.usage}`).replaceAll('"', "'")}"`,
  text(command.description),
  ...command.options.filter(({ long }) => long !== "--help").flatMap(option),
  ...verbatim(command.more),
];

function option({ flags, description, choices, isRequired, fallback }: OptionFacts): string[] {
  const facts = [
    ...(choices.length > 0 ? [`one of ${choices.join(", ")}`] : []),
    ...(isRequired ? ["needed"] : []),
    ...(fallback === undefined ? [] : [`default: ${fallback}`]),
  ];
  return [".TP", `.B ${text(flags)}`, text(description + (facts.length > 0 ? ` (${facts.join("; ")})` : ""))];
}

const more = (command: CommandFacts): string[] =>
  command.more === "" ? [] : [".SH MORE", ...verbatim(command.more).slice(1)];

const verbatim = (lines: string): string[] =>
  lines === "" ? [] : [".PP", ".nf", ...lines.split("\n").map(text), ".fi"];

const exitStatus = [
  ".SH EXIT STATUS",
  ...exitCodeMeanings.flatMap(([code, meaning]) => [".TP", `.B ${code}`, text(meaning)]),
];

/** Text as roff takes it: no line is a request, a hyphen is one that can be copied, and all is ASCII. */
function text(plain: string): string {
  const escaped = plain
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/[^\0-\x7f]/gu, (letter) => `\\[u${letter.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}]`);
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}
