import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./stage.ts";

/** What a page has its reader do: write a file, change one, or run a command. */
export type HowToStep =
  | { readonly kind: "write"; readonly file: string; readonly text: string }
  | { readonly kind: "change"; readonly file: string; readonly hunks: readonly Hunk[] }
  | { readonly kind: "run"; readonly command: string };

/** Lines that stand in a file once, and what comes in their place. */
export interface Hunk {
  readonly from: string;
  readonly to: string;
}

const textOf = (page: string): string => readFileSync(join(root, "docs/how-to", page), "utf8");

function allBlocks(page: string): { readonly language: string; readonly block: string }[] {
  return [...textOf(page).matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```/gm)].map(
    ([, indent = "", language = "", block = ""]) => ({
      language,
      block: block.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }),
  );
}

/** The blocks of one language on a page of docs/how-to, without the indent of the list they stand in. */
export const blocksOf = (page: string, language: "sh" | "yaml" | "json" | "hcl"): string[] =>
  allBlocks(page).flatMap((b) => (b.language === language ? b.block : []));

/** The commands on a page of docs/how-to, in order: the arguments of each `cloudpass`, some of them put in place of others. */
export const commandsOf = (page: string, put: Readonly<Record<string, string>>): string[][] =>
  blocksOf(page, "sh")
    .flatMap((block) => block.trim().split("\n"))
    .map((line) => {
      const [program, ...args] = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));
      if (program !== "cloudpass") throw new Error(`${page} has a command that is not ours: ${line}`);
      return args.map((arg) => put[arg] ?? arg);
    });

/**
 * Everything that a page of docs/how-to has its reader do, in order, some texts put in place of others: a `yaml` block is
 * a new file whose first line names it, a `diff` block changes the file after `+++`, each line of an `sh` block is run.
 */
export function stepsOf(page: string, put: Readonly<Record<string, string>>): HowToStep[] {
  return allBlocks(page).flatMap(({ language, block }): HowToStep[] => {
    let text = block;
    for (const [from, to] of Object.entries(put)) text = text.replaceAll(from, to);
    if (language === "sh")
      return text
        .trim()
        .split("\n")
        .map((command) => ({ kind: "run", command }));
    const [, file = ""] = /^(?:# |\+\+\+ )(\S+)\n/.exec(text) ?? [];
    if (language === "yaml") return file === "" ? [] : [{ kind: "write", file, text }];
    if (language !== "diff") return [];
    const [, ...hunks] = text.split(/^(?:\+\+\+ .*|@@)\n/m);
    return [{ kind: "change", file, hunks: hunks.map(readHunk) }];
  });
}

function readHunk(text: string): Hunk {
  const lines = text.trimEnd().split("\n");
  const side = (signs: string) =>
    lines
      .filter((line) => signs.includes(line[0] ?? " "))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  return { from: side(" -"), to: side(" +") };
}

/** Changes a file as a page shows it. What it takes away must stand there once, else the page is out of date. */
export function changeFile(path: string, hunks: readonly Hunk[]): void {
  let text = readFileSync(path, "utf8");
  for (const { from, to } of hunks) {
    const parts = `\n${text}`.split(`\n${from}`);
    if (parts.length !== 2) throw new Error(`${path} has ${parts.length - 1} times what a page changes:\n${from}`);
    text = parts.join(`\n${to}`).slice(1);
  }
  writeFileSync(path, text);
}
