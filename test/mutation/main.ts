import { fileURLToPath } from "node:url";
import { Stryker } from "@stryker-mutator/core";
import { mutatedRooms } from "./rooms.ts";

// `npm run mutate -- [room …]`: changes the sources one spot at a time and runs the room's tests. A change that no test
// notices is printed; the score is the share that is noticed. It takes from minutes to an hour a room, so no CI runs it.

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The least share of changes that the tests must notice, in percent. */
const wanted = 85;

async function mutate(name: string): Promise<boolean> {
  const room = mutatedRooms[name];
  if (!room) throw new Error(`There is no room "${name}". There are: ${Object.keys(mutatedRooms).join(", ")}.`);
  process.env["CLOUDPASS_MUTATED_ROOM"] = name;
  const results = await new Stryker({
    mutate: [...room.mutate],
    testRunner: "vitest",
    vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
    plugins: ["@stryker-mutator/vitest-runner", fileURLToPath(new URL("ignore-words.ts", import.meta.url))],
    ignorers: ["words"],
    coverageAnalysis: "perTest",
    // A constant of a module asks for all tests from a fresh start, which makes a run thirty times as long.
    ignoreStatic: true,
    concurrency: 2,
    // TypeScript 7 has no programming interface, by which Stryker would rewrite paths in it; there are none to rewrite.
    tsconfigFile: "none",
    ignorePatterns: ["docs/images", "dist", ".run"],
    tempDirName: ".run/mutation",
    // What is known from the last run is not run again where neither source nor test has changed.
    incremental: true,
    incrementalFile: `.run/mutation-${name}.incremental.json`,
    reporters: ["clear-text", "progress-append-only", "json"],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: false },
    jsonReporter: { fileName: `.run/mutation-${name}.json` },
    timeoutMS: 20_000,
  }).runMutationTest();
  const count = (status: string) => results.filter((r) => r.status === status).length;
  const noticed = count("Killed") + count("Timeout");
  const missed = count("Survived") + count("NoCoverage");
  const score = (100 * noticed) / (noticed + missed);
  console.log(`${name}: ${score.toFixed(1)} % of ${noticed + missed} changes noticed (wanted: ${wanted} %)`);
  return score >= wanted;
}

process.chdir(root);
const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : Object.keys(mutatedRooms)) {
  if (!(await mutate(name))) process.exitCode = 1;
}
