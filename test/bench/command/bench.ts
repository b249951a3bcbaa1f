import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { TokenFile } from "../../../src/cli/user/session/token-file.ts";
import { systemClock, systemRandom, targetUrn } from "../../../src/core/index.ts";
import { root } from "../../support/stage.ts";
import { writeSection } from "../page.ts";

/** What a kept token may cost: this many times the bare start of the same Node, and this many milliseconds. */
const [times, more] = [1.15, 40];

/** Runs the bench of the command's start; see the page beside this file. */
export async function benchCommand(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rounds: { type: "string", default: "41" },
      program: { type: "string", multiple: true, default: [] },
      write: { type: "boolean" },
    },
  });
  const home = mkdtempSync(join(tmpdir(), "cloudpass-bench-"));
  try {
    await keepToken(join(home, "cloudpass"));
    const page = formatResults(measure(waysOf(values.program), Number(values.rounds), home));
    console.log(page);
    if (values.write) writeSection("Speed of the command", page);
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** One thing that is started again and again. */
interface Way {
  readonly name: string;
  readonly argv: readonly string[];
}

const bare: Way = { name: "`node -e 0`", argv: [process.execPath, "-e", "0"] };

/** The built package, and the executables that were named. */
function waysOf(programs: readonly string[]): Way[] {
  const started = [
    { name: "package", argv: [process.execPath, join(root, "dist/main.js")] },
    ...programs.map((path) => ({ name: "executable", argv: [path] })),
  ];
  const calls = [
    ["kube-credential", "--cluster", "gx1"],
    ["token", "--target", "gx1"],
  ];
  return [
    bare,
    ...started.flatMap(({ name, argv }) =>
      calls.map((call) => ({ name: `${name}, \`${call[0]}\``, argv: [...argv, ...call] })),
    ),
  ];
}

async function keepToken(folder: string): Promise<void> {
  const issuer = "https://login.example"; // nobody answers there: a question would fail
  const now = systemClock.now();
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "ES256" })}.${part({ iat: now, exp: now + 3600, groups: ["r"] })}.c2ln`;
  await new TokenFile(folder, issuer, "cloudpass", systemRandom).write({
    version: 1,
    issuer,
    clientId: "cloudpass",
    refreshToken: "r",
    loggedInAt: now,
    person: {},
    access: { [targetUrn("gx1")]: { token, expiresAt: now + 3600 } },
  });
}

/** Milliseconds of each way, sorted; the ways take turns. */
function measure(ways: readonly Way[], rounds: number, home: string): Map<Way, number[]> {
  const found = new Map<Way, number[]>(ways.map((way) => [way, []]));
  const env = { PATH: process.env["PATH"], HOME: home, XDG_STATE_HOME: home };
  for (let round = 0; round < rounds; round++) {
    for (const way of ways) {
      const [program = "", ...args] = way.argv;
      const from = performance.now();
      const { status } = spawnSync(program, args, { env, stdio: "ignore" });
      if (status !== 0) throw new Error(`${way.argv.join(" ")} ended with ${status}; is it built?`);
      found.get(way)?.push(performance.now() - from);
    }
  }
  for (const slices of found.values()) slices.sort((a, b) => a - b);
  return found;
}

function formatResults(found: ReadonlyMap<Way, readonly number[]>): string {
  const middle = (slices: readonly number[]) => slices[Math.floor(slices.length / 2)] ?? Number.NaN;
  const start = middle([...found.entries()].find(([way]) => way.argv[1] === "-e")?.[1] ?? []);
  const allowed = times * start + more;
  const rows = [...found].map(([{ name }, slices]) => {
    const took = `${middle(slices).toFixed(0)} (${slices[0]?.toFixed(0)} to ${slices.at(-1)?.toFixed(0)})`;
    const reached = name === bare.name ? "" : middle(slices) <= allowed ? "yes" : "no";
    return `| ${name} | ${took} | ${(middle(slices) / start).toFixed(2)} | ${reached} |`;
  });
  return `# Speed of the command

Made by \`npm run bench -- command --write\` (method: [test/bench/command](../../test/bench/command/README.md)): a token that is
kept, as kubectl asks for one at every call. Wanted is the bare start of the same Node × ${times} + ${more} ms, here ${allowed.toFixed(0)} ms.

Machine: ${availableParallelism()} shared cores, Node ${process.version}.

| what | milliseconds, median and range | times the bare start | reached |
|---|---|---|---|
${rows.join("\n")}
`;
}
