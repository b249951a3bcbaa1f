import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { atMost } from "../../src/core/index.ts";
import { startKeycloak } from "../rigs/index.ts";
import { keycloakAdmin } from "../support/keycloak-admin.ts";
import { type Known, known } from "./known.ts";
import { productOn } from "./product.ts";
import { type RoundTrip, roundTrip, type World } from "./round-trip.ts";
import { traits } from "./traits/index.ts";

// The long run; `npm run realms-corpus -- --help` says how.

const usage = `npm run realms-corpus [-- OPTIONS]
  --only TEXT       only realms with this in their name
  --keep FOLDER     keep the imported files there
  --keycloak URL    a Keycloak that is up (admin, rig-admin) instead of one that is started`;

const { values } = parseArgs({
  options: {
    ...{ only: { type: "string" }, keep: { type: "string" }, keycloak: { type: "string" } },
    help: { type: "boolean" },
  },
});

async function run(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-corpus-"));
  const rig = values.keycloak === undefined ? await startKeycloak({ dir: folder, jvm: "throughput" }) : undefined;
  const url = rig?.url ?? String(values.keycloak);
  const [name, password] = [rig?.adminUser ?? "admin", rig?.adminPassword ?? "rig-admin"] as const;
  const world: World = { admin: keycloakAdmin(url, name, password), product: productOn(url, name, password) };
  const turn = atMost(2);
  const recipes = traits.filter((it) => it.name.includes(values.only ?? ""));
  try {
    const trips = await Promise.all(recipes.map((recipe) => turn(async () => told(await roundTrip(recipe, world)))));
    return summary(trips);
  } finally {
    await rig?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function told(trip: RoundTrip): RoundTrip {
  const { name, failures, text } = trip;
  const expected = known[name];
  console.log(`${failures.length === 0 ? "exact" : (expected?.as ?? "FAILING")}: ${name}`);
  for (const { step, says } of failures) {
    console.log(`    ${step}`);
    for (const line of says.slice(0, 12)) console.log(`      ${line.slice(0, 300)}`);
  }
  if (values.keep !== undefined) writeFileSync(join(values.keep, `${name.replaceAll("/", "-")}.yaml`), text);
  return trip;
}

type CameThrough = "exact" | Known["as"] | "mended" | "new";

function cameThrough({ name, failures }: RoundTrip): CameThrough {
  const expected = known[name];
  if (failures.length === 0) return expected === undefined ? "exact" : "mended";
  return expected?.as ?? "new";
}

/** Answers the exit code: 0 only when nothing failed that is not known. */
function summary(trips: readonly RoundTrip[]): number {
  const by = Map.groupBy(trips, cameThrough);
  const count = (as: CameThrough): number => by.get(as)?.length ?? 0;
  console.log(`\n${trips.length} realms: ${count("exact")} exact, ${count("explained")} explained`);
  console.log(
    `${count("failing")} failing as known, ${count("new")} failing, ${count("mended")} mended and still listed`,
  );
  for (const { name } of by.get("failing") ?? []) console.log(`  ${name}: ${known[name]?.because}`);
  return count("new") + count("mended") === 0 ? 0 : 1;
}

if (values.help === true) console.log(usage);
else process.exitCode = await run();
