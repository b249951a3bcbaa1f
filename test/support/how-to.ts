import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./stage.ts";

const textOf = (page: string): string => readFileSync(join(root, "docs/how-to", page), "utf8");

/** The blocks of one language on a page of docs/how-to, without the indent of the list they stand in. */
export function blocksOf(page: string, language: "sh" | "yaml"): string[] {
  const fence = new RegExp(`^( *)\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, "gm");
  return [...textOf(page).matchAll(fence)].map(([, indent = "", block = ""]) =>
    block.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  );
}

/** The commands on a page of docs/how-to, in order: the arguments of each `cloudpass`, some of them put in place of others. */
export const commandsOf = (page: string, put: Readonly<Record<string, string>>): string[][] =>
  blocksOf(page, "sh")
    .flatMap((block) => block.trim().split("\n"))
    .map((line) => {
      const [program, ...args] = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ""));
      if (program !== "cloudpass") throw new Error(`${page} has a command that is not ours: ${line}`);
      return args.map((arg) => put[arg] ?? arg);
    });
