import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { archiveFor, writeChecksums } from "./executable/archive.ts";
import { isPlatform, type Platform, platforms, thisPlatform } from "./executable/nodes.ts";
import { writeManual } from "./manual.ts";
import { sbom } from "./sbom.ts";

// What `npm run build` does: `dist` is made anew from `src` alone, as ES modules with their types, and the list of what
// else is in the release. `npm run build -- --executable [--platform linux-arm64 …]` makes `release` instead: an archive
// with one file that needs no Node, for this system or those that are named (`all`), and the checksums.

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const main = join(dist, "main.js");

const { values } = parseArgs({
  options: {
    executable: { type: "boolean" },
    platform: { type: "string", multiple: true },
    to: { type: "string", default: join(root, "release") },
  },
});
if (values.executable) await buildArchives(values.platform, values.to);
else await buildPackage();

async function buildPackage(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  const compiler = join(dirname(fileURLToPath(import.meta.resolve("typescript/package.json"))), "bin/tsc");
  const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
  });
  // A half of a program must not be packed by mistake.
  if (status !== 0) giveUp("the sources do not compile");
  // Few files instead of a thousand: a quarter of what a command needs to start is the time to find them.
  await build({
    entryPoints: ["src/main.ts"],
    absWorkingDir: root,
    outdir: "dist",
    bundle: true,
    splitting: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node24",
    chunkNames: "chunks/[name]-[hash]",
    logLevel: "warning",
  }).catch(() => giveUp("the sources cannot be bundled"));
  if (!readFileSync(main, "utf8").startsWith("#!/usr/bin/env node\n"))
    giveUp("dist/main.js does not begin with its interpreter; src/main.ts must");
  chmodSync(main, 0o755);
  writeFileSync(join(dist, "sbom.cdx.json"), sbom());
  await writeManual(join(dist, "man"));
  console.log("built dist");
}

function giveUp(because: string): never {
  rmSync(dist, { recursive: true, force: true });
  console.error(`build: ${because}; dist was removed`);
  process.exit(1);
}

async function buildArchives(named: readonly string[] = [], folder: string): Promise<void> {
  for (const platform of wanted(named)) console.log(`built ${await archiveFor(platform, folder)}`);
  await writeChecksums(folder);
}

function wanted(named: readonly string[]): readonly Platform[] {
  const known = Object.keys(platforms).filter(isPlatform);
  const here = thisPlatform();
  if (named.length === 0 && here !== undefined) return [here];
  if (named.includes("all")) return known;
  const chosen = named.filter(isPlatform);
  if (chosen.length > 0 && chosen.length === named.length) return chosen;
  console.error(`build: give --platform one of ${known.join(", ")}, or all`);
  process.exit(2);
}
