import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Order, Said, ServerSettings } from "./servers/told.ts";

/** A server of the bench. */
export interface Contender {
  readonly name: ContenderName;
  readonly port: number;
  /** Codes made inside the server. */
  codes(what: "pending" | "approved", count: number): Promise<readonly string[]>;
  serve(body: string): Promise<void>;
  /** CPU seconds that the process has used so far. */
  cpu(): number;
  stop(): Promise<void>;
}

/** What takes part. */
export const contenderNames = ["bare", "broker-redis", "broker-memory", "provider-redis", "provider-memory"] as const;
/** One of them. */
export type ContenderName = (typeof contenderNames)[number];

const files = { bare: "bare.ts", broker: "broker.ts", provider: "provider.ts" } as const;

/** Starts a server on core 0. It ends with this process: it watches the channel between them. */
export async function startContender(name: ContenderName, redis: string): Promise<Contender> {
  const [program, store] = name.split("-") as ["bare" | "broker" | "provider", string | undefined];
  const settings: ServerSettings = store === "memory" ? {} : { redis };
  const file = join(import.meta.dirname, "servers", files[program]);
  const profile = process.env["BENCH_PROFILE"] === name ? ["--cpu-prof", "--cpu-prof-dir=.run/profile"] : [];
  const child = spawn("taskset", ["-c", "0", process.execPath, ...profile, file, JSON.stringify(settings)], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  const ask = teller(child, name);
  const ready = await ask.next();
  if (!("port" in ready)) throw new Error(`${name} did not say where it listens`);
  const tell = async (order: Order) => {
    child.send(order);
    const said = await ask.next();
    return "codes" in said ? said.codes : [];
  };
  return {
    name,
    port: ready.port,
    codes: (make, count) => tell({ make, count }),
    serve: async (serve) => void (await tell({ serve })),
    cpu: () => cpuSeconds(child.pid ?? 0),
    stop: async () => {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.disconnect();
      await ended;
    },
  };
}

/** What the child says, one after the other; throws when it ends instead. */
function teller(child: ChildProcess, name: string): { next(): Promise<Said> } {
  return {
    next: () =>
      new Promise((resolve, reject) => {
        const ended = (code: number | null) => reject(new Error(`${name} ended with exit code ${code}`));
        child.once("exit", ended);
        child.once("message", (said) => {
          child.off("exit", ended);
          resolve(said as Said);
        });
      }),
  };
}

/** User and system time of a process, from its stat file: hundredths of a second. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
