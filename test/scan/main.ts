import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { scanApi } from "./api.ts";
import { scanPages } from "./pages.ts";

// Scanners at the console's doors; `npm run scan -- --help` says how.

const usage = `npm run scan [-- api|pages] [--seconds N] [--keep FOLDER]
  api      schemathesis asks the API all that its OpenAPI document allows and forbids
  pages    wapiti follows the console's links and forms, signed in as a manager, and attacks what it finds
  Default: both. Each has N seconds (180). Exit code 0 only when there is no server error, no answer outside of the document, and no
  finding that test/scan/accepted.ts gives no reason for.
  --keep   where the tools' reports and the broker's log are left; default: nowhere`;

const scans = { api: scanApi, pages: scanPages };

/** Answers to the scanner that are server errors: a fault that is announced (503) is one too, since everything is there. */
const serverErrors = (lines: readonly string[]): string[] => [
  ...new Set(
    lines.flatMap((line) => {
      const { status = 0, method, path } = JSON.parse(line) as { status?: number; method?: string; path?: string };
      return status >= 500 ? [`${method} ${path}: ${status}`] : [];
    }),
  ),
];

async function scan(name: keyof typeof scans, folder: string, seconds: number): Promise<boolean> {
  const { summary, findings, output, lines } = await scans[name](folder, seconds);
  const all = [...findings, ...serverErrors(lines)];
  await writeFile(join(folder, `${name}.out`), output);
  await writeFile(join(folder, `${name}.log`), lines.join(""));
  if (all.length > 0) console.log(output.slice(-20_000));
  console.log(`${summary}, ${all.length} findings`);
  for (const one of all) console.log(`  ${one}`);
  return all.length === 0;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string", default: "180" }, keep: { type: "string" }, help: { type: "boolean" } },
});
const wanted = positionals.length > 0 ? positionals : Object.keys(scans);
const isKnown = wanted.every((name): name is keyof typeof scans => Object.hasOwn(scans, name));
if (values.help === true || !isKnown) console.log(usage);
if (!isKnown) process.exitCode = 2;
else if (values.help !== true) {
  const folder = values.keep ?? (await mkdtemp(join(tmpdir(), "cloudpass-scan-")));
  try {
    for (const name of wanted) if (!(await scan(name, folder, Number(values.seconds)))) process.exitCode = 1;
  } finally {
    if (values.keep === undefined) await rm(folder, { recursive: true, force: true });
  }
}
