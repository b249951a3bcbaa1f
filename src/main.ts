#!/usr/bin/env node
import { readFileSync } from "node:fs";

// An older Node would fail on a name that it does not know, with nothing but a SyntaxError: all else is loaded after this.
const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
  process.stderr.write(
    `cloudpass: this is Node ${process.versions.node}, and cloudpass needs Node 24 or newer\n  → install it (https://nodejs.org), or in a checkout run: npm ci && npm run cloudpass -- --help\n`,
  );
  process.exit(1);
}

// A reader that has seen enough (`cloudpass status | head -1`) is no error of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Each command loads what it needs: `kube-credential` runs for every call of kubectl. */
async function run(): Promise<number> {
  const { runCli } = await import("./cli/index.ts");
  return runCli(process.argv.slice(2), {
    version,
    serve: async (configFile) => (await import("./serve.ts")).serve(configFile, process),
  });
}

// No top-level await, which an older Node would not even read.
void run().then((exitCode) => {
  process.exitCode = exitCode;
});
