import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type KeycloakRig, run, startKeycloak } from "../../rigs/index.ts";
import { writeSection } from "../page.ts";
import type { Measurement } from "./measure.ts";
import { type SizeName, sizes } from "./size.ts";

/** Runs the bench of the realms; see the page beside this file. */
export async function benchRealms(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { quick: { type: "boolean" }, rounds: { type: "string", default: "7" }, write: { type: "boolean" } },
  });
  const size: SizeName = values.quick ? "quick" : "full";
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-bench-realms-"));
  // The JVM as Keycloak's own script runs it: the one that starts fast is slow at work.
  const keycloak = await startKeycloak({ dir: folder, jvm: "throughput", heap: "1g" });
  try {
    console.log(`making a realm: ${formatClients(size)} …`);
    const from = performance.now();
    await child(keycloak, "make", size, values.rounds);
    console.log(`made in ${((performance.now() - from) / 1000).toFixed(0)} s; measuring …`);
    const measured = (await child(keycloak, "measure", size, values.rounds)) as Measurement;
    const page = formatResults(size, measured);
    console.log(page);
    if (values.write) writeSection("Speed of realms", page);
  } finally {
    await keycloak.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function child(keycloak: KeycloakRig, job: string, size: SizeName, rounds: string): Promise<unknown> {
  const script = new URL("measure.ts", import.meta.url).pathname;
  const account = [keycloak.adminUser, keycloak.adminPassword];
  const said = await run(process.execPath, [script, job, keycloak.url, size, ...account, rounds]);
  return JSON.parse(said.trim().split("\n").at(-1) ?? "");
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN;
const formatRange = (values: readonly number[], digits: number): string => {
  const [low = 0, high = 0] = [sorted(values)[0], sorted(values).at(-1)];
  return `${median(values).toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
};

function formatClients(size: SizeName): string {
  const { clients, upstreams, parents, children } = sizes[size];
  const groups = parents * (children + 1);
  return `${clients} clients, ${upstreams} identity providers with a mapper each, ${groups} groups below ${parents}`;
}

function formatResults(size: SizeName, m: Measurement): string {
  const ratios = m.plans.map((plan, i) => plan / (m.bare[i] ?? Number.NaN));
  const whole = m.plans.map((plan, i) => (plan + m.compiled) / (m.bare[i] ?? Number.NaN));
  const { parents } = sizes[size];
  const rows: readonly (readonly [string, string, string, boolean])[] = [
    ["no-op plan with its diff", "≤ 1.3 × the bare reads", `${formatRange(ratios, 2)} ×`, median(ratios) <= 1.3],
    ["requests of a plan", `≤ 6 + one per parent group (${parents})`, `${m.requests}`, m.requests <= 6 + parents],
    ["writes of a second apply", "0", `${m.again + m.writes}`, m.again + m.writes === 0],
    ["memory", "< 300 MB", `${m.peakMegabytes.toFixed(0)} MB`, m.peakMegabytes < 300],
  ];
  return `# Speed of realms

Made by \`npm run bench -- realms${size === "quick" ? " --quick" : ""} --write\` (method: [test/bench/realms](../../test/bench/realms/README.md)).
A realm with ${formatClients(size)} on a real Keycloak, as ${m.resources} resources; plan and bare reads took turns.

Machine: ${availableParallelism()} shared cores (${cpus()[0]?.model ?? "unknown"}), Node ${process.version}, Keycloak on the same cores.

| what | wanted | measured | reached |
|---|---|---|---|
${rows.map(([what, wanted, got, reached]) => `| ${what} | ${wanted} | ${got} | ${reached ? "yes" : "no"} |`).join("\n")}

On this machine a plan takes ${formatRange(m.plans, 0)} ms and its ${m.bareRequests} bare reads ${formatRange(m.bare, 0)} ms. The slow fingerprints of
${sizes[size].upstreams} secrets take ${m.compiled.toFixed(0)} ms more; \`realms plan\` makes them while Keycloak answers. One after the other, both
would be ${formatRange(whole, 2)} × the bare reads.
`;
}
