import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

// The one test command. `check` is what runs before every commit (no real servers); `all` is `npm test`.

const root = fileURLToPath(new URL("..", import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), "cloudpass-run-"));

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}
const total: Tally = { passed: 0, failed: 0, skipped: 0 };
/** What failed, to be named at the very end: the run's output is long, and often only its end is kept. */
const failures: string[] = [];
const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
}

/** Each failed test with the first line of its failure, and files that could not be loaded. */
function failedIn(report: Report | undefined): string[] {
  if (report === undefined) return [];
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0) return status === "failed" ? [`${file}: ${firstLine(message)}`] : [];
    return failed.map((test) => `${file}: ${test.fullName}: ${firstLine(test.failureMessages[0])}`);
  });
}
const firstLine = (text = "") => text.split("\n", 1)[0] ?? "";

/** Runs a command of this Node; answers its exit code. */
function node(args: readonly string[], quiet = false): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: quiet ? "ignore" : "inherit" });
    child.on("close", (code) => resolve(code ?? 1));
  });
}

const bin = (name: string, file: string) => join(root, "node_modules", name, file);

/** A check that is one pass or one failure. */
async function step(name: string, args: readonly string[]): Promise<void> {
  const started = Date.now();
  const code = await node(args);
  total[code === 0 ? "passed" : "failed"]++;
  if (code !== 0) failures.push(name);
  console.log(`${code === 0 ? "✓" : "✗"} ${name} (${seconds(started)})`);
}

/** Vitest projects; `selection` = parts of file names, or options that leave files out. */
async function tiers(projects: readonly string[], selection: readonly string[] = []): Promise<void> {
  const report = join(scratch, `${projects.join("-")}.json`);
  const selected = projects.flatMap((p) => ["--project", p]);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await node([bin("vitest", "vitest.mjs"), "run", ...selected, ...reporters, ...selection]);
  let counted: Report | undefined;
  try {
    counted = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    console.error(`✗ ${projects.join(", ")}: the run left no report`);
  }
  total.passed += counted?.numPassedTests ?? 0;
  total.skipped += (counted?.numPendingTests ?? 0) + (counted?.numTodoTests ?? 0);
  const failed = failedIn(counted);
  failures.push(...(failed.length === 0 && code !== 0 ? [`${projects.join(", ")} (see above)`] : failed));
  // A file that cannot even be loaded has no failed test, but it has failed.
  total.failed += Math.max(counted?.numFailedTests ?? 0, code === 0 ? 0 : 1);
}

async function check(): Promise<void> {
  await step("types", [bin("typescript", "bin/tsc"), "--noEmit"]);
  await step("lint and format", [bin("@biomejs/biome", "bin/biome"), "check", "--error-on-warnings", "."]);
  await tiers(["house", "unit", "protocol", "hostile", "oracle"]);
  await tiers(["contract"], ["store-memory"]);
}

/** Exit code of the rig command for "cannot be had on this machine". */
const rigAbsent = 4;

async function all(): Promise<void> {
  // Building rigs on a new machine takes minutes: it goes on beside the checks that need none.
  console.log("rigs: fetching and building what is not in the cache (several minutes on a new machine)");
  const rigs = node(["test/rigs/main.ts", "build", "all"]);
  await check();
  await tiers(["packed"]);
  const code = await rigs;
  if (code === rigAbsent && process.env["CI"] !== "true") {
    console.log("absent: the real servers (see above); contract and e2e tests were not run");
    total.skipped++;
    return;
  }
  if (code !== 0) {
    failures.push("rigs: could not be built (see above)");
    total.failed++;
    return;
  }
  // The memory store's suite ran with the checks.
  await tiers(["contract"], ["--exclude", "test/contract/store-memory.test.ts"]);
  await tiers(["realm-kinds"]);
  await tiers(["pages"]);
  await tiers(["e2e"]);
}

const started = Date.now();
const what = process.argv[2] ?? "all";
await (what === "check" ? check() : all());
rmSync(scratch, { recursive: true, force: true });
for (const failure of failures) console.error(`✗ ${failure}`);
console.log(`\n${what === "check" ? "npm run check" : "npm test"}: ${seconds(started)}`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
process.exitCode = total.failed === 0 ? 0 : 1;
