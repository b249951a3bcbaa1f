import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PassThrough } from "node:stream";
import { Script } from "node:vm";

// Run by the very Node that an executable is made of: compiles the program, has it say its help, and writes V8's code cache
// with all that was compiled for it. `later.ts` must make the script of the same text.
const [program, cache] = process.argv.slice(2);
const script = new Script(readFileSync(program, "latin1"), { filename: "cloudpass.cjs" });
const module = { exports: {} };
script.runInThisContext()(module, module.exports, createRequire(import.meta.url));
const nobody = () => Object.assign(new PassThrough().resume(), { isTTY: false });
const terminal = { stdin: nobody(), stdout: nobody(), stderr: nobody(), env: {}, clock: { now: () => 0 } };
const { runProgram } = module.exports["src/cli/run-cli.ts"]();
await runProgram(["--help"], { version: "0", self: [], serve: async () => 0, terminal });
writeFileSync(cache, script.createCachedData());
