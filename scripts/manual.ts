import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bashCompletion } from "../src/cli/reference/bash.ts";
import { fishCompletion } from "../src/cli/reference/fish.ts";
import { manualPages } from "../src/cli/reference/manual.ts";
import { programFacts } from "../src/cli/reference/program.ts";
import { zshCompletion } from "../src/cli/reference/zsh.ts";

const manifest = fileURLToPath(new URL("../package.json", import.meta.url));

/** Writes the manual pages of this version into a folder. */
export async function writeManual(folder: string): Promise<void> {
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  await mkdir(folder, { recursive: true });
  for (const { file, text } of manualPages(await programFacts(), version)) await writeFile(join(folder, file), text);
}

/** Writes the completions into a folder, under the names by which shells find them. */
export async function writeCompletions(folder: string): Promise<void> {
  const facts = await programFacts();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "cloudpass.bash"), bashCompletion(facts));
  await writeFile(join(folder, "_cloudpass"), zshCompletion(facts));
  await writeFile(join(folder, "cloudpass.fish"), fishCompletion(facts));
}
