import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { Environment } from "@marcbachmann/cel-js";
import { instant } from "../../../src/core/index.ts";
import type { Policy } from "../../../src/policy/index.ts";
import { compileKubernetes, compileOpenStack } from "../../../src/targets/index.ts";
import { login, mustLoad } from "../../unit/policy/kit.ts";
import { writeSection } from "../page.ts";

const counts = { grants: 10_000, held: 200, tenants: 1000, grantsOfTenant: 10 };

/** Runs the bench of the policy; see the page beside this file. */
export async function benchPolicy(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { rounds: { type: "string", default: "9" }, write: { type: "boolean" } },
  });
  const page = formatResults(measureDecide(Number(values.rounds)), measureLoad(3));
  console.log(page);
  if (values.write) writeSection("Speed of the policy", page);
}

const targets = (names: readonly string[]): string => `kind: Targets
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: [reader, member]}}
clusters: {prod1: {api: "https://prod1.example", roles: [view, edit]}}
tenants:
${names
  .map(
    (name) =>
      `  ${name}: {upstreams: [${name}-idp], domains: {gx1: ${name}}, projects: [dev], namespaces: {prod1: [${name}-dev]}, ceiling: {openstack: [member], kubernetes: [edit, view]}}`,
  )
  .join("\n")}
`;

const sets =
  "sets:\n  dev: [{openstack: {role: member, on: {project: dev}}}, {kubernetes: {role: edit, in: tenant-namespaces}}]";

const rules = (tenant: string, more: string, ids: readonly number[], group: (i: number) => string): string =>
  [
    `kind: Policy\ntenant: ${tenant}\n${more}\npeople:`,
    ...ids.map((i) => `  w${i}: {from: ${tenant}-idp, all: [{groups: {has: ${group(i)}}}]}`),
    "grants:",
    ...ids.map((i) => `  - {id: g${i}, give: dev, to: w${i}, at: [gx1]}`),
  ].join("\n");

const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);

/** Microseconds of one call, best and middle of the rounds. */
interface Spent {
  readonly micros: readonly number[];
}

const median = ({ micros }: Spent): number =>
  [...micros].sort((a, b) => a - b)[Math.floor(micros.length / 2)] ?? Number.NaN;

interface Decided {
  readonly lookups: Spent;
  readonly decide: Spent;
  readonly cel: Spent;
  readonly matches: number;
}

/** The contenders take turns in each round, so that whatever else the machine does meets them all. */
function measureDecide(rounds: number): Decided {
  const group = (i: number) => `group-${i}`;
  const policy = loadLarge(group);
  const claims = { groups: Array.from({ length: counts.held }, (_, i) => JSON.parse(`"${group(i * 79)}"`)) };
  const facts = login(claims);
  const index = new Map(Array.from({ length: counts.grants }, (_, i) => [group(i), i]));
  const environment = new Environment({ unlistedVariablesAreDyn: false })
    .registerVariable({ name: "claims", schema: { groups: "list<string>" } })
    .registerVariable("upstream", "string");
  const programs = Array.from({ length: counts.grants }, (_, i) =>
    environment.parse(`upstream == "acme-idp" && "${group(i)}" in claims.groups`),
  );
  let sink = 0;
  const lookups = () => {
    for (const held of claims.groups) sink += index.get(held) ?? 0;
  };
  const decide = () => {
    const decision = policy.decide(facts);
    sink += decision.kind === "decided" ? decision.entitlements.length : 0;
  };
  const linear = () =>
    programs.reduce((found, program) => found + (program({ claims, upstream: "acme-idp" }) === true ? 1 : 0), 0);
  const walk = () => {
    sink += linear();
  };
  const decision = policy.decide(facts);
  const matches = decision.kind === "decided" ? decision.grants.length : 0;
  if (matches !== linear()) throw new Error("the two ways do not agree");
  const spent = { lookups: [] as number[], decide: [] as number[], cel: [] as number[] };
  for (let round = -2; round < rounds; round++) {
    const once = [time(lookups, 20_000), time(decide, 20_000), time(walk, 3)] as const;
    if (round < 0) continue;
    spent.lookups.push(once[0]);
    spent.decide.push(once[1]);
    spent.cel.push(once[2]);
  }
  if (sink < 0) throw new Error("nothing was measured");
  return {
    lookups: { micros: spent.lookups },
    decide: { micros: spent.decide },
    cel: { micros: spent.cel },
    matches,
  };
}

/** More than one file may hold, so in ten. */
function loadLarge(group: (i: number) => string): Policy {
  const part = counts.grants / 10;
  return mustLoad([
    { file: "targets.yaml", text: targets(["acme"]) },
    ...upTo(10).map((n) => ({
      file: `acme-${n}.yaml`,
      text: rules("acme", n === 0 ? sets : "", upTo(part, n * part), group),
    })),
  ]);
}

/** Microseconds of the processor that one call costs: other work on a shared machine does not count. */
function time(act: () => void, times: number): number {
  const from = process.cpuUsage();
  for (let i = 0; i < times; i++) act();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / times;
}

/** Milliseconds to read, check and compile many tenants. */
function measureLoad(rounds: number): Spent {
  const names = Array.from({ length: counts.tenants }, (_, i) => `t${i}`);
  const files = [
    { file: "targets.yaml", text: targets(names) },
    ...names.map((name) => ({
      file: `${name}.yaml`,
      text: rules(name, sets, upTo(counts.grantsOfTenant), (i) => `g${i}`),
    })),
  ];
  const all = () => {
    const policy = mustLoad(files);
    for (const [name, target] of policy.targets)
      if (target.kind === "openstack") compileOpenStack(policy, name);
      else compileKubernetes(policy, name);
    policy.warnings(instant(1_800_000_000));
  };
  return { micros: Array.from({ length: rounds }, () => time(all, 1) / 1000) };
}

const range = ({ micros }: Spent, digits: number): string =>
  `${Math.min(...micros).toFixed(digits)} to ${Math.max(...micros).toFixed(digits)}`;

function formatResults({ lookups, decide, cel, matches }: Decided, load: Spent): string {
  const toLookups = median(decide) / median(lookups);
  const toCel = median(cel) / median(decide);
  const loaded = median(load) / 1000;
  const rows: readonly (readonly [string, string, string, boolean])[] = [
    ["decide", `≤ 2 × the ${counts.held} look-ups`, `${toLookups.toFixed(2)} ×`, toLookups <= 2],
    ["linear CEL", "≥ 2000 × decide", `${toCel.toFixed(0)} ×`, toCel >= 2000],
    [`${counts.tenants} tenants × ${counts.grantsOfTenant} grants`, "< 3 s", `${loaded.toFixed(2)} s`, loaded < 3],
  ];
  return `# Speed of the policy

Made by \`npm run bench -- policy --write\` (method: [test/bench/policy](../../test/bench/policy/README.md)). ${counts.grants} grants and a person
with ${counts.held} groups, ${matches} of which match; ways that agree on them took turns in one process. Medians, in time of the processor.

Machine: ${availableParallelism()} shared cores (${cpus()[0]?.model ?? "unknown"}), Node ${process.version}.

| what | wanted | measured | reached |
|---|---|---|---|
${rows.map(([what, wanted, got, reached]) => `| ${what} | ${wanted} | ${got} | ${reached ? "yes" : "no"} |`).join("\n")}

On this machine, in microseconds: look-ups ${median(lookups).toFixed(1)} (${range(lookups, 1)}), decide ${median(decide).toFixed(1)} (${range(decide, 1)}),
linear CEL, parsed beforehand, ${median(cel).toFixed(0)} (${range(cel, 0)}). To read, check, test and compile the tenants takes ${range(load, 0)} ms.
`;
}
