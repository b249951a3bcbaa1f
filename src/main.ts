#!/usr/bin/env node
import { readFileSync } from "node:fs";

// An older Node would fail on a name that it does not know, with nothing but a SyntaxError: all else is loaded after this,
// and without a top-level await, which it would not even read.
const [major = 0] = process.versions.node.split(".").map(Number);
if (major < 24) {
  process.stderr.write(
    `cloudpass: this is Node ${process.versions.node}, and cloudpass needs Node 24 or newer\n  → install it (https://nodejs.org), or in a checkout run: npm ci && npm run cloudpass -- --help\n`,
  );
  process.exit(1);
}

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

void import("./run.ts").then(({ run }) => run(process, { version, self: process.argv.slice(0, 2) }));
