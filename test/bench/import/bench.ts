import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Secret, systemClock, systemRandom } from "../../../src/core/index.ts";
import {
  applyRealm,
  formatApplied,
  formatPlan,
  importRealm,
  type KeycloakConnection,
  loadRealms,
  planRealm,
  type RealmSpec,
} from "../../../src/realms/index.ts";
import { type KeycloakRig, startKeycloak } from "../../rigs/index.ts";
import { writeSection } from "../page.ts";
import { byHand } from "./by-hand.ts";
import { countOf, representation, type SizeName, secret } from "./realm.ts";

/** What took how long in one round, in milliseconds. */
interface Round {
  readonly keycloak: number;
  readonly import: number;
  readonly plan: number;
  readonly bare: number;
  readonly apply: number;
  readonly again: number;
  /** Of the bare calls. */
  readonly requests: number;
}

/** Runs the bench of import and apply; see the page beside this file. */
export async function benchImport(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { quick: { type: "boolean" }, rounds: { type: "string", default: "3" }, write: { type: "boolean" } },
  });
  const size: SizeName = values.quick ? "quick" : "full";
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-bench-import-"));
  const keycloak = await startKeycloak({ dir: folder, jvm: "throughput", heap: "1g" });
  try {
    // The first round only warms up, the JVM most of all.
    await measure(keycloak, "quick");
    const rounds: Round[] = [];
    for (let i = 0; i < Number(values.rounds); i++) {
      rounds.push(await measure(keycloak, size));
      console.log(`round ${i + 1}: ${JSON.stringify(rounds.at(-1))}`);
    }
    const page = formatResults(size, rounds);
    console.log(page);
    if (values.write) writeSection("Speed of import and apply", page);
  } finally {
    await keycloak.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly took: number; readonly made: T }> {
  const from = performance.now();
  const made = await work();
  return { took: performance.now() - from, made };
}

async function measure({ url, adminUser, adminPassword }: KeycloakRig, size: SizeName): Promise<Round> {
  const credentials = { kind: "password", username: adminUser, password: new Secret(adminPassword) } as const;
  const connection: KeycloakConnection = { url, realm: "master", credentials };
  const deps = { clock: systemClock, random: systemRandom };
  const hand = byHand(url, adminUser, adminPassword);
  const realm = representation(size);
  const keycloak = await timed(() => hand.importWhole(realm));
  const imported = await timed(() => importRealm(connection, realm.realm, deps));
  const spec = read(imported.made.text);
  const plan = await timed(() => planNothing(spec, connection));
  await hand.remove(realm.realm);
  const bare = await timed(() => hand.makeBare(realm));
  await hand.remove(realm.realm);
  const apply = await timed(async () => applyRealm(await planRealm(spec, connection, deps)));
  if (apply.made.outcome !== "applied") throw new Error(formatApplied(apply.made));
  const again = await timed(() => planNothing(spec, connection));
  await hand.remove(realm.realm);
  return {
    ...{ keycloak: keycloak.took, import: imported.took, plan: plan.took, bare: bare.took, apply: apply.took },
    ...{ again: again.took, requests: bare.made },
  };
}

function read(text: string): RealmSpec {
  const loaded = loadRealms([{ file: "bench.yaml", text }], () => secret);
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(JSON.stringify(loaded).slice(0, 2000));
  return spec;
}

async function planNothing(spec: RealmSpec, connection: KeycloakConnection): Promise<void> {
  const { plan } = await planRealm(spec, connection, { clock: systemClock, random: systemRandom });
  if (plan.steps.length + plan.conflicts.length > 0) throw new Error(formatPlan(plan).slice(0, 2000));
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const formatRange = (values: readonly number[], digits: number): string => {
  const all = sorted(values);
  const at = (i: number) => (all.at(i) ?? Number.NaN).toFixed(digits);
  return all.length === 1 ? at(0) : `${at(Math.floor(all.length / 2))} (${at(0)} to ${at(-1)})`;
};

function formatResults(size: SizeName, rounds: readonly Round[]): string {
  const row = (what: string, key: Exclude<keyof Round, "requests">): string => {
    const beside = (other: "keycloak" | "bare") =>
      `${formatRange(
        rounds.map((r) => r[key] / r[other]),
        2,
      )} ×`;
    const seconds = formatRange(
      rounds.map((r) => r[key] / 1000),
      1,
    );
    return `| ${what} | ${beside("keycloak")} | ${beside("bare")} | ${seconds} |`;
  };
  const count = countOf(size).toLocaleString("en");
  return `# Speed of import and apply

Made by \`npm run bench -- import${size === "quick" ? " --quick" : ""} --write\` (method: [test/bench/import](../../test/bench/import/README.md)).
A realm of ${count} objects on a real Keycloak, all in one run, ${rounds.length === 1 ? "one round" : `${rounds.length} rounds: medians with their range`}. Seconds belong to this machine.

Machine: ${availableParallelism()} shared cores (${cpus()[0]?.model ?? "unknown"}), Node ${process.version}, Keycloak on the same cores.

| what | beside Keycloak's own import | beside the bare calls | seconds |
|---|---|---|---|
${[
  row("Keycloak's own import, one request", "keycloak"),
  row(`the bare calls, ${(rounds[0]?.requests ?? 0).toLocaleString("en")} requests`, "bare"),
  row("`realms import`", "import"),
  row("`realms plan` that finds nothing to do", "plan"),
  row("`realms apply` to no realm, read back", "apply"),
  row("`realms plan` after it", "again"),
].join("\n")}
`;
}
