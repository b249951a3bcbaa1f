import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/stage.ts";

const page = join(root, "docs/reference/benchmarks.md");

/** Puts a section, which begins with `# <title>`, in the place of the one of that title; the others stay. */
export function writeSection(title: string, section: string): void {
  const others = readFileSync(page, "utf8")
    .split(/^(?=# )/m)
    .filter((text) => text.trim() !== "" && !text.startsWith(`# ${title}\n`));
  const all = [...others, section].sort();
  writeFileSync(page, all.map((text) => `${text.trimEnd()}\n`).join("\n"));
}
