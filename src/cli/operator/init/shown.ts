import { resolve } from "node:path";
import type { FirstFiles, NextStep } from "../../../operations/index.ts";
import { fold, screenOf } from "../../screen.ts";
import { shellWords } from "../../shell-words.ts";
import type { Terminal } from "../../terminal.ts";

/** What was made, where, and what comes next. */
interface Shown extends FirstFiles {
  readonly folder: string;
  readonly next: readonly NextStep[];
  readonly written: boolean;
}

/** What came of it, for a person. */
export function formatWritten({ files, folder, next }: Shown, terminal: Pick<Terminal, "stderr">): string[] {
  const width = Math.max(...files.map(({ file }) => file.length));
  return [
    ...files.map(({ file, about }) => `  ${file.padEnd(width)}  ${about}`),
    `${files.length} files written to ${resolve(folder)}. Each is checked, and explains itself.`,
    "",
    "Next, in this order:",
    ...formatSteps(withFolder(next, folder), terminal),
  ];
}

/** The commands are for the folder: whoever is elsewhere goes there first. */
const withFolder = (next: readonly NextStep[], folder: string): readonly NextStep[] =>
  resolve(folder) === resolve(".") ? next : [{ about: "Go there", commands: [shellWords(["cd", folder])] }, ...next];

/** Commands are never broken: they are to be copied. */
function formatSteps(steps: readonly NextStep[], terminal: Pick<Terminal, "stderr">): string[] {
  const columns = Math.min(screenOf(terminal).columns, 100);
  return steps.flatMap(({ about, commands }, i) => {
    const [first = "", ...more] = fold(about, columns - 6);
    return [
      "",
      `${`${i + 1}.`.padStart(4)} ${first}`,
      ...more.map((line) => `     ${line}`),
      ...commands.map((command) => `     ${command}`),
    ];
  });
}

/** What would be written; a secret that would be made is not. */
export const formatDryRun = ({ files, folder }: Shown): string[] => [
  ...files.flatMap(({ file, text, isSecret }) => [`# ==> ${file}`, isSecret ? withoutSecrets(text) : text]),
  `${files.length} files would be written to ${resolve(folder)}. Nothing was written.`,
];

const withoutSecrets = (text: string): string =>
  text.replaceAll(/^((?:MASTER_KEY|\w+_PASSWORD|\w+_SECRET)=).+$/gm, "$1(made when it is written)");

/** The same for programs; texts only when nothing was written, and never a secret. */
export const filesAsJson = ({ files, folder, next, missing, written }: Shown) => ({
  folder: resolve(folder),
  written,
  files: files.map(({ file, text, about, isSecret }) => ({
    file,
    about,
    mode: isSecret ? "0600" : "0644",
    ...(!written && { text: isSecret ? withoutSecrets(text) : text }),
  })),
  fill_in: missing,
  next,
});
