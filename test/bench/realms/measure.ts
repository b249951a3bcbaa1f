import { Secret, systemClock, systemRandom } from "../../../src/core/index.ts";
import { connectKeycloak } from "../../../src/realms/connection.ts";
import { realmDriver } from "../../../src/realms/driver.ts";
import { applyPlan, formatApplied, formatPlan, makePlan } from "../../../src/reconcile/index.ts";
import { bearerFor, readBare } from "./bare.ts";
import { realm, resourcesOf, type SizeName, sizes } from "./size.ts";

// A process of its own, so that its memory is that of planning and nothing else.

/** What one process measured. */
export interface Measurement {
  /** Milliseconds, by round. */
  readonly plans: readonly number[];
  readonly bare: readonly number[];
  readonly requests: number;
  readonly bareRequests: number;
  /** Steps that the first, and the second apply did. */
  readonly made: number;
  readonly again: number;
  /** Requests of the second apply that were no reads. */
  readonly writes: number;
  readonly resources: number;
  /** Milliseconds to put the wanted state together, most of it the fingerprints of the secrets. */
  readonly compiled: number;
  readonly peakMegabytes: number;
}

const [, , job = "measure", url = "", sizeName = "quick", username = "", password = "", rounds = "7"] = process.argv;
const size = sizes[sizeName as SizeName];
const credentials = { kind: "password", username, password: new Secret(password) } as const;
const deps = { clock: systemClock, random: systemRandom, timeoutMs: 60_000 };
const keycloak = connectKeycloak({ url, realm: "master", credentials }, deps);
const started = performance.now();
const desired = await resourcesOf(size);
const compiled = performance.now() - started;
let writes = 0;
const driver = realmDriver(
  {
    ...keycloak,
    call: (doing, manner, request) => {
      if (manner !== "read") writes++;
      return keycloak.call(doing, manner, request);
    },
  },
  realm,
);

/** Makes the realm, object by object: one large request would not be answered in time. */
async function make(): Promise<number> {
  const applied = await applyPlan(driver, desired, await makePlan(driver, desired));
  if (applied.outcome !== "applied") throw new Error(formatApplied(applied));
  return applied.done.length;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

async function measure(): Promise<Measurement> {
  const plans: number[] = [];
  const bare: number[] = [];
  let requests = 0;
  let bareRequests = 0;
  const plan = async () => {
    const before = keycloak.sent();
    const made = await makePlan(driver, desired);
    requests = keycloak.sent() - before;
    if (made.steps.length > 0) throw new Error(`the plan is not empty: ${formatPlan(made).slice(0, 2000)}`);
  };
  const again = await applyPlan(driver, desired, await makePlan(driver, desired));
  const wrote = writes;
  // What `realms apply` needs: two readings. Rounds and rounds of them say more about the collector of garbage.
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  let bearer = "";
  const reads = async () => {
    bareRequests = await readBare(url, realm, bearer);
  };
  // In turns, and each first in every other round: what else the machine does falls on both alike.
  for (let round = -1; round < Number(rounds); round++) {
    bearer = await bearerFor(url, username, password);
    // The driver's own token is renewed here, if it is due.
    await keycloak.call("take a token", "read", ({ realms }) => realms.findOne({ realm: "master" }));
    for (const one of round % 2 === 0 ? ["plan", "bare"] : ["bare", "plan"]) {
      const took = await timed(one === "plan" ? plan : reads);
      // The first round only warms up.
      if (round >= 0) (one === "plan" ? plans : bare).push(took);
    }
  }
  return {
    ...{ plans, bare, requests, bareRequests, compiled, made: 0, again: again.done.length, writes: wrote },
    ...{ resources: desired.length, peakMegabytes },
  };
}

console.log(JSON.stringify(job === "make" ? { made: await make() } : await measure()));
