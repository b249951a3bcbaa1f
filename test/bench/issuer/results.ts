import { availableParallelism, cpus, totalmem } from "node:os";
import { run } from "../../rigs/index.ts";
import type { ContenderName } from "./contenders.ts";
import type { Slice, Workload } from "./slice.ts";

/** ES256 signatures per second on one core. */
export interface Signing {
  readonly openssl: number;
  readonly issuer: number;
  readonly jose: number;
}

/** All rounds of all workloads. */
export interface Measured {
  readonly slices: Map<Workload, readonly (readonly Slice[])[]>;
  readonly signing: Signing | undefined;
}

/** A slice in which the server had less of its core than this was disturbed by somebody else. */
const undisturbed = 0.9;
/** Fewer undisturbed rounds than this say nothing: then CPU per request is compared. */
const enough = 3;

const titles: Readonly<Record<Workload, string>> = {
  poll: "Pending poll (distinct codes)",
  start: "Device authorization",
  issue: "Token issue: approved code → ES256 access and ID token with 20 groups, refresh token",
  jwks: "Key set",
};

const names: Readonly<Record<ContenderName, string>> = {
  bare: "bare node:http + one GET",
  "broker-redis": "cloudpass, Redis",
  "broker-memory": "cloudpass, memory",
  "provider-redis": "oidc-provider, Redis",
  "provider-memory": "oidc-provider, memory",
};

/** A ratio over all rounds. */
interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly by: "rate" | "CPU";
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN;

/** How much faster `a` is than `b`, round by round: by rate where both were undisturbed often enough, else by CPU. */
function ratio(rounds: readonly (readonly Slice[])[], a: ContenderName, b: ContenderName, by?: "CPU"): Ratio {
  const pairs = rounds.flatMap((slices) => {
    const [x, y] = [slices.find((s) => s.contender === a), slices.find((s) => s.contender === b)];
    return x && y ? [[x, y] as const] : [];
  });
  const clean = pairs.filter(([x, y]) => Math.min(x.busy, y.busy) >= undisturbed);
  const rates = by === "CPU" || clean.length < enough ? [] : clean.map(([x, y]) => x.perSecond / y.perSecond);
  const values = rates.length > 0 ? rates : pairs.map(([x, y]) => y.cpu / x.cpu);
  const order = sorted(values);
  const [low = Number.NaN, high = Number.NaN] = [order[0], order.at(-1)];
  return { median: median(values), low, high, by: rates.length > 0 ? "rate" : "CPU" };
}

const formatRatio = (r: Ratio): string =>
  `${r.median.toFixed(2)} (${r.low.toFixed(2)} to ${r.high.toFixed(2)}${r.by === "CPU" ? ", by CPU" : ""})`;

function table(workload: Workload, rounds: readonly (readonly Slice[])[]): string {
  const contenders = (rounds[0] ?? []).map((s) => s.contender);
  const rows = contenders.map((name) => {
    const own = rounds.flatMap((slices) => slices.filter((s) => s.contender === name));
    const cpu = median(own.map((s) => s.cpu));
    const clean = own.filter((s) => s.busy >= undisturbed).length;
    const times = name === "bare" ? "1" : formatRatio(ratio(rounds, name, "bare"));
    return `| ${names[name]} | ${times} | ${cpu.toFixed(0)} | ${clean} of ${own.length} |`;
  });
  return `### ${titles[workload]}

| server | times bare (range) | server CPU, µs a request | undisturbed slices |
|---|---|---|---|
${rows.join("\n")}
`;
}

interface Goal {
  readonly workload: Workload;
  readonly aim: string;
  readonly of: readonly [ContenderName, ContenderName];
  readonly atLeast: number;
  readonly by?: "CPU";
}

/** The project's goals for its issuer, on one core. */
const goals: readonly Goal[] = [
  { workload: "poll", aim: "1: pending poll on Redis", of: ["broker-redis", "bare"], atLeast: 0.75 },
  { workload: "poll", aim: "1: the same beside oidc-provider", of: ["broker-redis", "provider-redis"], atLeast: 4 },
  { workload: "poll", aim: "2: pending poll in memory", of: ["broker-memory", "bare"], atLeast: 0.55 },
  { workload: "start", aim: "3: device authorization on Redis", of: ["broker-redis", "bare"], atLeast: 0.5 },
  {
    workload: "start",
    aim: "3: the same beside oidc-provider",
    of: ["broker-redis", "provider-redis"],
    atLeast: 4,
  },
  { workload: "issue", aim: "4: token issue on Redis", of: ["broker-redis", "bare"], atLeast: 0.22 },
  {
    workload: "issue",
    aim: "4: the same beside oidc-provider",
    of: ["broker-redis", "provider-redis"],
    atLeast: 4.5,
  },
  { workload: "jwks", aim: "6: key set", of: ["broker-memory", "bare"], atLeast: 0.55 },
  {
    workload: "jwks",
    aim: "6: the same beside oidc-provider, by CPU",
    of: ["broker-memory", "provider-memory"],
    atLeast: 2.3,
    by: "CPU",
  },
];

const goalRow = (aim: string, beside: string, atLeast: number, measured: string, reached: boolean): string =>
  `| ${aim} | ≥ ${atLeast} × ${beside} | ${measured} | ${reached ? "yes" : "no"} |`;

function goalRows({ slices, signing }: Measured): string[] {
  const rows = goals.flatMap((goal) => {
    const rounds = slices.get(goal.workload);
    const present = goal.of.every((name) => rounds?.[0]?.some((s) => s.contender === name));
    if (!rounds || !present) return [];
    const r = ratio(rounds, ...goal.of, goal.by);
    return [goalRow(goal.aim, names[goal.of[1]], goal.atLeast, formatRatio(r), r.median >= goal.atLeast)];
  });
  if (!signing) return rows;
  const [limit, jose] = [signing.issuer / signing.openssl, signing.issuer / signing.jose];
  return [
    ...rows,
    goalRow("5: an ES256 token signed", "bare OpenSSL", 0.8, limit.toFixed(2), limit >= 0.8),
    goalRow("5: the same beside a library", "jose", 4, jose.toFixed(2), jose >= 4),
  ].sort((a, b) => a.localeCompare(b));
}

/** The page `docs/reference/benchmarks.md`. */
export async function formatResults(measured: Measured): Promise<string> {
  const redis = /v=(\S+)/.exec(await run("redis-server", ["--version"]))?.[1] ?? "?";
  const gib = Math.round(totalmem() / 2 ** 30);
  const tables = [...measured.slices].map(([workload, rounds]) => table(workload, rounds));
  return `# Speed of the issuer

Made by \`npm run bench -- issuer --write\` (method: [test/bench/issuer](../../test/bench/issuer/README.md)). Ratios of servers that
took turns in one run on one core, medians with their range; absolute speeds belong to a machine and are not given.

Machine: ${availableParallelism()} shared cores (${cpus()[0]?.model.trim() ?? "?"}), ${gib} GiB; Node ${process.version}, Redis ${redis}; http on loopback.

## Goals

| goal | wanted | measured | reached |
|---|---|---|---|
${goalRows(measured).join("\n")}

## Rounds

${tables.join("\n")}
The peers do less: \`oidc-provider\` writes no log, keeps no audit, has no rate limits and no \`slow_down\`. Differences below a
fifth cannot be told apart in a run of this length.
`;
}
