import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { MutantResult } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { mutatedRooms } from "./rooms.ts";
import type { TriedTwice } from "./runner.ts";
import { interval, isInSample, notInSample } from "./sample.ts";

// `npm run mutate -- [room …] [--share 0.1]`: changes the sources one spot at a time and runs the room's tests. A change that
// no test notices is printed; the score is the share that is noticed. It takes from minutes to hours a room, so no CI runs it.

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The least share of changes that the tests must notice, in percent. */
const wanted = 85;

const { values: options, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: {
    /** Tries a part of the changes only, drawn by lot: from 0 to 1. */
    share: { type: "string", default: "1" },
    /** The part of them that is tried a second time, in a fresh worker. */
    again: { type: "string", default: "0.03" },
    /** Another one draws other changes. */
    seed: { type: "string", default: "" },
    /** Changes these files of the room only, and runs these of its tests: for whoever writes tests. */
    file: { type: "string", multiple: true, default: [] },
    test: { type: "string", multiple: true, default: [] },
  },
});
process.env["CLOUDPASS_MUTATED_SHARE"] = options.share;
process.env["CLOUDPASS_MUTATED_AGAIN"] = options.again;
process.env["CLOUDPASS_MUTATED_SEED"] = options.seed;

const plugin = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const percent = (share: number) => (100 * share).toFixed(1);

/** Forgets what the last run has left out by lot: Stryker would take it for known. */
function forgetLeftOut(file: string): void {
  if (!existsSync(file)) return;
  const known: { files: Record<string, { mutants: { statusReason?: string }[] }> } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  for (const source of Object.values(known.files))
    source.mutants = source.mutants.filter(({ statusReason }) => statusReason !== notInSample);
  writeFileSync(file, JSON.stringify(known));
}

/** What became of those that were tried a second time in a fresh worker. */
function triedTwice(journal: string): string {
  const entries = readFileSync(journal, "utf8").split("\n").filter(Boolean);
  const tried: TriedTwice[] = entries.map((line) => JSON.parse(line));
  const sure = tried.filter(({ isSure }) => isSure);
  const falsely = (kept: string) => sure.filter((t) => t.kept === kept && t.fresh !== kept).length;
  return (
    `${sure.length} of them tried again in a fresh worker: ${falsely("killed")} noticed before and not then, ` +
    `${falsely("survived")} then and not before; ${tried.length - sure.length} tried again since their test failed unchanged`
  );
}

function summary(name: string, results: readonly MutantResult[]): boolean {
  const drawn = results.filter(isInSample);
  const count = (status: string) => drawn.filter((r) => r.status === status).length;
  const noticed = count("Killed") + count("Timeout");
  const tried = noticed + count("Survived") + count("NoCoverage");
  const [least, most] = interval(noticed, tried);
  const unclear = count("RuntimeError") + count("CompileError");
  // A loop that a change makes endless ends by the number of its rounds. Only what ends by the clock may be the machine's.
  const byClock = drawn.filter((r) => r.status === "Timeout" && !r.statusReason?.startsWith("Hit limit")).length;
  const all = results.filter((r) => r.status !== "Ignored").length;
  console.log(
    `${name}: ${percent(noticed / tried)} % of ${tried} changes noticed (wanted: ${wanted} %)` +
      (tried < all ? `, drawn from ${all}: 95 % interval ${percent(least)} to ${percent(most)} %` : "") +
      `; ${byClock} ended by the clock, ${count("NoCoverage")} reached by no test, ${unclear} unclear`,
  );
  return noticed / tried >= wanted / 100;
}

async function mutate(name: string): Promise<boolean> {
  const room = mutatedRooms[name];
  if (!room) throw new Error(`There is no room "${name}". There are: ${Object.keys(mutatedRooms).join(", ")}.`);
  process.env["CLOUDPASS_MUTATED_TESTS"] = JSON.stringify(options.test.length > 0 ? options.test : room.tests);
  const isWhole = options.file.length === 0 && options.test.length === 0;
  const output = `.run/mutation-${name}${isWhole ? "" : "-part"}`;
  const incrementalFile = `${output}.incremental.json`;
  forgetLeftOut(incrementalFile);
  const journal = join(root, `${output}.twice.ndjson`);
  mkdirSync(dirname(journal), { recursive: true });
  writeFileSync(journal, "");
  process.env["CLOUDPASS_MUTATED_JOURNAL"] = journal;
  const results = await new Stryker({
    mutate: options.file.length > 0 ? options.file : [...room.mutate],
    testRunner: "kept",
    vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
    plugins: ["@stryker-mutator/vitest-runner", plugin("runner.ts"), plugin("ignore-words.ts"), plugin("missed.ts")],
    ignorers: ["words"],
    coverageAnalysis: "perTest",
    // A constant of a module asks for all tests from a fresh start, which makes a run thirty times as long.
    ignoreStatic: true,
    concurrency: 1,
    // TypeScript 7 has no programming interface, by which Stryker would rewrite paths in it; there are none to rewrite.
    tsconfigFile: "none",
    ignorePatterns: ["docs/images", "dist", ".run"],
    tempDirName: output,
    // What is known from the last run is not run again where neither source nor test has changed.
    incremental: isWhole,
    incrementalFile,
    reporters: ["missed", "progress-append-only", "json"],
    jsonReporter: { fileName: `${output}.json` },
    // Endless loops and tests that wait for ever are found otherwise (`runner.ts`, `idle.ts`), whatever else the machine does.
    timeoutMS: 1_200_000,
    dryRunTimeoutMinutes: 180,
  }).runMutationTest();
  const isEnough = summary(name, results);
  console.log(triedTwice(journal));
  return isEnough;
}

process.chdir(root);
for (const name of asked.length > 0 ? asked : Object.keys(mutatedRooms)) {
  if (!(await mutate(name))) process.exitCode = 1;
}
