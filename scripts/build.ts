import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sbom } from "./sbom.ts";

// What `npm run build` does: `dist` is made anew from `src` alone, as ES modules with their types, and the list of what
// else is in the release.

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const main = join(dist, "main.js");

rmSync(dist, { recursive: true, force: true });
const compiler = join(dirname(fileURLToPath(import.meta.resolve("typescript/package.json"))), "bin/tsc");
const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
if (status !== 0) {
  // A half of a program must not be packed by mistake.
  rmSync(dist, { recursive: true, force: true });
  console.error("build: the sources do not compile; dist was removed");
  process.exit(1);
}
if (!readFileSync(main, "utf8").startsWith("#!/usr/bin/env node\n")) {
  console.error("build: dist/main.js does not begin with its interpreter; src/main.ts must");
  process.exit(1);
}
chmodSync(main, 0o755);
writeFileSync(join(dist, "sbom.cdx.json"), sbom());
console.log("built dist");
