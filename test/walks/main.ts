import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cliWalk } from "./cli/walk.ts";
import { consoleWalk } from "./console/walk.ts";
import { issuerWalk } from "./issuer/walk.ts";
import { policiesWalk } from "./policies/walk.ts";
import { realmsWalk } from "./realms/walk.ts";
import { take } from "./runner.ts";

/** Scripted walks through the product on real servers; each ends with exit code 0 only when all of it held. */
const walks: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  backbone: () => demo("--real", "--yes"),
  cli: (argv) => take(cliWalk, argv),
  console: (argv) => take(consoleWalk, argv),
  issuer: (argv) => take(issuerWalk, argv),
  policies: (argv) => take(policiesWalk, argv),
  realms: (argv) => take(realmsWalk, argv),
};

/** The demo is a walk, too. */
function demo(...args: readonly string[]): Promise<number> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const child = spawn(process.execPath, ["demo/main.ts", ...args], { cwd: root, stdio: "inherit" });
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
}

const [name = "", ...argv] = process.argv.slice(2);
const walk = walks[name];
if (!walk) console.error(`npm run walk -- NAME, where NAME is one of: ${Object.keys(walks).join(", ")}`);
process.exit(walk ? await walk(argv) : 2);
