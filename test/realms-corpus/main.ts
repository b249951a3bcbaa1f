import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { atMost } from "../../src/core/index.ts";
import { OLDEST_KEYCLOAK_VERSION, startKeycloak } from "../rigs/index.ts";
import { keycloakAdmin } from "../support/keycloak-admin.ts";
import { corpus, selection, tripsOn } from "./corpus.ts";
import { foundFile, foundIn } from "./fields/count.ts";
import type { Measures } from "./fields/measure.ts";
import { known, saysWhatIsLeft } from "./known.ts";
import { knownOnOldest, onOldest } from "./oldest.ts";
import { productOn } from "./product.ts";
import { make, type Recipe, takeAway } from "./recipe.ts";
import type { RoundTrip } from "./round-trip.ts";

// The long run; `npm run realms-corpus -- --help` says how.

const usage = `npm run realms-corpus [-- OPTIONS]
  --only TEXT       only realms with this in their name
  --from N --to N   only these, by their place in the corpus, from 0
  --measure         write what came through to fields/found.json; then npm run docs
  --listed          only those that known.ts lists
  --at-once N       so many realms side by side; default 2, on the oldest 1
  --made            only make them, to try the corpus itself
  --keep FOLDER     keep the imported files there
  --version V       on that version of Keycloak; "oldest" is the oldest that realm files are tried on, with what
                    cannot be made there (oldest.ts)
  --selection       only those that npm test takes
  --keycloak URL    a Keycloak that is up (admin, rig-admin) instead of one that is started`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const options = {
  only: text,
  version: text,
  selection: flag,
  from: text,
  to: text,
  keep: text,
  keycloak: text,
  measure: flag,
  made: flag,
  listed: flag,
  "at-once": text,
  help: flag,
};
const { values } = parseArgs({ options });
const isOldest = values.version === "oldest";
const listed = isOldest ? knownOnOldest : known;

async function run(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-corpus-"));
  const version = isOldest ? OLDEST_KEYCLOAK_VERSION : values.version;
  const rig =
    values.keycloak === undefined
      ? await startKeycloak({ dir: folder, jvm: "throughput", heap: "1g", version })
      : undefined;
  const url = rig?.url ?? String(values.keycloak);
  const [name, password] = [rig?.adminUser ?? "admin", rig?.adminPassword ?? "rig-admin"] as const;
  const measures: Measures = new Map();
  const world = { measures, admin: keycloakAdmin(url, name, password), product: productOn(url, name, password) };
  // Keycloak 26.0 stumbles over a token that names another realm while that one goes.
  const turn = atMost(Number(values["at-once"] ?? (isOldest ? 1 : 2)));
  const all = values.selection === true ? selection : corpus;
  const asked = all.slice(Number(values.from ?? 0), Number(values.to ?? all.length)).filter(isAsked);
  const recipes = isOldest ? asked.map(onOldest) : asked;
  const madeOnly = async (recipe: Recipe): Promise<RoundTrip> => {
    const { realm } = await make(world.admin, recipe);
    await takeAway(world.admin, realm);
    return { name: recipe.name, failures: [], text: "" };
  };
  try {
    const trip = values.made === true ? madeOnly : await tripsOn(world);
    const begun = performance.now();
    const told = async (recipe: Recipe, nth: number) => {
      const came = await trip(recipe).catch((thrown: unknown) => failed(recipe, thrown));
      return tell(came, `${nth + 1}/${recipes.length}, ${Math.round((performance.now() - begun) / 1000)} s`);
    };
    const trips = await Promise.all(recipes.map((recipe, nth) => turn(() => told(recipe, nth))));
    if (values.measure === true) writeFileSync(foundFile, `${JSON.stringify(foundIn(measures), undefined, 2)}\n`);
    return summary(trips);
  } finally {
    await rig?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const isAsked = ({ name }: Recipe): boolean =>
  name.includes(values.only ?? "") && (values.listed !== true || Object.hasOwn(listed, name));

const failed = ({ name }: Recipe, thrown: unknown): RoundTrip => ({
  name,
  failures: [{ step: "create", says: [String(thrown)] }],
  text: "",
});

type CameThrough = "exact" | "explained" | "mended" | "failing";

function cameThrough({ name, failures, text: file }: RoundTrip): CameThrough {
  const expected = listed[name]?.steps ?? [];
  if (failures.length === 0) return expected.length === 0 ? "exact" : "mended";
  const asExpected = failures.map(({ step }) => step).join() === expected.join();
  // What cannot be made has no file.
  return asExpected && (expected.includes("create") || saysWhatIsLeft(file)) ? "explained" : "failing";
}

/** Shown as it goes: a run takes a while. */
function tell(trip: RoundTrip, progress: string): RoundTrip {
  const { name, failures, text: file } = trip;
  console.log(`${cameThrough(trip)}: ${name} (${progress})`);
  for (const { step, says } of failures) {
    console.log(`    ${step}`);
    for (const line of says.slice(0, 12)) console.log(`      ${line.slice(0, 300)}`);
  }
  if (values.keep !== undefined) writeFileSync(join(values.keep, `${name.replaceAll("/", "-")}.yaml`), file);
  return trip;
}

/** Answers the exit code: 0 only when nothing failed that is not known. */
function summary(trips: readonly RoundTrip[]): number {
  const by = Map.groupBy(trips, cameThrough);
  const count = (as: CameThrough): number => by.get(as)?.length ?? 0;
  console.log(`\n${trips.length} realms: ${count("exact")} exact, ${count("explained")} explained`);
  console.log(`${count("failing")} failing, ${count("mended")} mended and still listed`);
  for (const { name } of by.get("explained") ?? []) console.log(`  ${name}: ${listed[name]?.because}`);
  return count("failing") + count("mended") === 0 ? 0 : 1;
}

if (values.help === true) console.log(usage);
else process.exitCode = await run();
