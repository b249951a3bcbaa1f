import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../rigs/index.ts";
import type { Contender, ContenderName } from "./contenders.ts";

/** Kinds of load. */
export const workloads = ["poll", "start", "issue", "jwks"] as const;
/** A kind of load. */
export type Workload = (typeof workloads)[number];

/** One second of load on one server. */
export interface Slice {
  readonly contender: ContenderName;
  readonly perSecond: number;
  /** CPU microseconds of the server per request. */
  readonly cpu: number;
  /** Part of its core that the server had while it was loaded. */
  readonly busy: number;
  /** Microseconds. */
  readonly p99: number;
}

/** What `load.lua` prints. */
interface Counted {
  readonly answered: number;
  readonly right: number;
  readonly seconds: number;
  readonly p99: number;
  readonly errors: number;
  readonly wrong: string;
}

const connections = 32;

/** Loads a server for a second. Throws when an answer was not of the workload's class. */
export async function slice(contender: Contender, workload: Workload, codes: readonly string[]): Promise<Slice> {
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-bench-"));
  const file = join(folder, "codes");
  writeFileSync(file, codes.join("\n"));
  // The bare server answers every POST alike: it is loaded with polls, whatever the others do.
  const kind = contender.name === "bare" && workload !== "jwks" ? "poll" : workload;
  try {
    const before = contender.cpu();
    const printed = await run("taskset", [
      ...[
        "-c",
        "1",
        "wrk",
        "-t1",
        `-c${connections}`,
        "-d1s",
        "--latency",
        "-s",
        join(import.meta.dirname, "load.lua"),
      ],
      ...[`http://127.0.0.1:${contender.port}`, "--", kind, "gx1", codes.length === 0 ? "-" : file],
    ]);
    const used = contender.cpu() - before;
    const counted = JSON.parse(printed.split("\n").find((l) => l.startsWith("{")) ?? "{}") as Counted;
    if (counted.right !== counted.answered || counted.errors > 0) {
      throw new Error(`${contender.name}, ${workload}: ${JSON.stringify(counted)}`);
    }
    const { answered, seconds, p99 } = counted;
    const [perSecond, cpu] = [answered / seconds, (used * 1e6) / answered];
    return { contender: contender.name, perSecond, cpu, busy: used / seconds, p99 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
