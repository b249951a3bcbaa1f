import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureSystemPackages, run, startRedis } from "../../rigs/index.ts";
import { writeSection } from "../page.ts";
import { type Contender, type ContenderName, contenderNames, startContender } from "./contenders.ts";
import { formatResults, type Measured, type Signing } from "./results.ts";
import { type Slice, slice, type Workload, workloads } from "./slice.ts";

/** Distinct codes under a poll load: enough that none is polled more than four times in an interval. */
const pendingCodes = 20_000;

/** Runs the bench of the issuer; see the page beside this file. */
export async function benchIssuer(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "5" },
      only: { type: "string", multiple: true },
      write: { type: "boolean" },
    },
  });
  const asked = workloads.filter((w) => positionals.length === 0 || positionals.includes(w));
  const names = contenderNames.filter((n) => n === "bare" || !values.only || values.only.includes(n));
  if (availableParallelism() < 2) throw new Error("The bench needs two cores: one for the server, one for the load.");
  await ensureSystemPackages(["wrk", "redis", "openssl"]);
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-bench-redis-"));
  const redis = await startRedis({ dir: folder, appendfsync: "never" });
  const contenders: Contender[] = [];
  try {
    for (const { identity } of redis.processes) await run("taskset", ["-a", "-cp", "1", String(identity.pid)]);
    for (const name of names) contenders.push(await startContender(name, redis.url));
    const measured: Measured = { slices: new Map(), signing: asked.length === 4 ? await measureSigning() : undefined };
    for (const workload of asked) {
      console.log(`${workload} …`);
      measured.slices.set(workload, await rounds(contenders, workload, Number(values.rounds)));
    }
    const page = await formatResults(measured);
    console.log(page);
    if (values.write) writeSection("Speed of the issuer", page);
  } finally {
    for (const contender of contenders) await contender.stop();
    await redis.stop();
    rmSync(folder, { recursive: true });
  }
}

/** One slice of each contender per round; the first round only warms up. */
async function rounds(all: readonly Contender[], workload: Workload, count: number): Promise<Slice[][]> {
  // Keys are served from memory whatever the store is.
  const contenders = workload === "jwks" ? all.filter((c) => !c.name.endsWith("-redis")) : all;
  if (workload === "jwks") await serveSameKeys(contenders);
  const pending = new Map<ContenderName, readonly string[]>();
  const done: Slice[][] = [];
  for (let round = 0; round <= count; round++) {
    const slices: Slice[] = [];
    for (const contender of contenders) {
      const codes = await codesFor(contender, workload, pending, done.at(-1));
      slices.push(await slice(contender, workload, codes));
    }
    done.push(slices);
  }
  return done.slice(1);
}

async function codesFor(
  contender: Contender,
  workload: Workload,
  pending: Map<ContenderName, readonly string[]>,
  before: readonly Slice[] | undefined,
): Promise<readonly string[]> {
  if (workload === "issue" && contender.name !== "bare") {
    // Somewhat more than were redeemed in the last slice; the load ends when they run out.
    const rate = before?.find((s) => s.contender === contender.name)?.perSecond ?? 2_000;
    return contender.codes("approved", Math.ceil(rate * 1.2) + 500);
  }
  if (workload === "start" && contender.name !== "bare") return [];
  if (workload === "jwks") return [];
  const codes = pending.get(contender.name) ?? (await contender.codes("pending", pendingCodes));
  pending.set(contender.name, codes);
  return codes;
}

/** The bare server answers with the very bytes of the broker. */
async function serveSameKeys(contenders: readonly Contender[]): Promise<void> {
  const broker = contenders.find((c) => c.name.startsWith("broker"));
  const bare = contenders.find((c) => c.name === "bare");
  const keys = broker && (await (await fetch(`http://127.0.0.1:${broker.port}/jwks`)).text());
  await bare?.serve(keys ?? '{"keys":[]}');
}

/** Signatures per second on core 0: OpenSSL's own measure, the issuer's way, jose's way. */
async function measureSigning(): Promise<Signing> {
  const said = await run("taskset", ["-c", "0", "openssl", "speed", "-mr", "-seconds", "2", "ecdsap256"]);
  // +F4:<number>:<bits>:<signatures per second>:<verifications per second>
  const openssl = Number(/^\+F4:\d+:256:([\d.]+)/m.exec(said)?.[1] ?? "0");
  const file = join(import.meta.dirname, "signing.ts");
  const own = JSON.parse(await run("taskset", ["-c", "0", process.execPath, file])) as Omit<Signing, "openssl">;
  return { ...own, openssl };
}
