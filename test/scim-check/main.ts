import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { scim2 } from "../rigs/index.ts";
import { boot } from "../support/boot.ts";
import { scimToken, scimYaml } from "../support/scim.ts";

// A public client of SCIM at our endpoints; `npm run scim-check -- --help` says how.

const usage = `npm run scim-check [-- --verbose]
  Has the compliance tester of the scim2 project (pip, fetched once) try /scim/v2 of a broker on memory: every endpoint, every
  attribute, every operation of PATCH. Exit code 0 only when it finds nothing.
  --verbose   all that it tried, and what was answered`;

const { values } = parseArgs({ options: { verbose: { type: "boolean" }, help: { type: "boolean" } } });

/** Results of the tester, by their first word. */
const resultLine = /^(SUCCESS|ERROR|CRITICAL|SKIPPED|ACCEPTABLE|COMPLIANT|DEVIATION)\b(.*)$/gm;

/** A result that is none of ours to mend. */
const passes = ["SUCCESS", "COMPLIANT", "ACCEPTABLE", "SKIPPED"];

/** Runs the tester; answers the exit code. */
async function check(): Promise<number> {
  const { program, versions } = await scim2();
  const broker = await boot({ yaml: scimYaml(false) });
  try {
    const token = await scimToken(broker.issuer);
    const env = { ...process.env, SCIM_CLI_HEADERS: `Authorization: Bearer ${token}`, NO_COLOR: "1" };
    const { output, code } = await runTester(program, ["--url", `${broker.issuer}/scim/v2`, "test", "--verbose"], env);
    return tell(output, versions, code);
  } finally {
    await broker.stop();
  }
}

/** Beside the broker, which answers in this process. */
function runTester(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: 300_000 });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (output += part.toString()));
  return new Promise<{ readonly output: string; readonly code: number | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ output, code }));
  });
}

function tell(output: string, versions: string, code: number | null): number {
  const results = [...output.matchAll(resultLine)].map(([line, word = ""]) => ({ line, word }));
  const found = results.filter(({ word }) => !passes.includes(word));
  if (values.verbose === true || found.length > 0 || results.length === 0) console.log(output);
  console.log(`${versions}: ${results.length} results, ${found.length} findings`);
  for (const { line } of found) console.log(`  ${line}`);
  return code === 0 && results.length > 0 && found.length === 0 ? 0 : 1;
}

if (values.help === true) console.log(usage);
else process.exitCode = await check();
