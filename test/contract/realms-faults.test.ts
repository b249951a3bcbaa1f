import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Clock, Fault, instant, Secret, systemRandom } from "../../src/core/index.ts";
import {
  type Applied,
  applyRealm,
  formatApplied,
  formatPlan,
  type KeycloakConnection,
  type PlannedRealm,
  planRealm,
  planRemoval,
} from "../../src/realms/index.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { type Ended, endOf, outcomeOf, say } from "../support/ended-apply.ts";
import { type FaultProxy, startFaultProxy, type Trouble } from "../support/fault-proxy.ts";
import { keycloakAdmin } from "../support/keycloak-admin.ts";
import { changeInWords, type Decide, killAtEach } from "../support/kill-at-each.ts";
import { type Inventory, inventoryOf } from "../support/realm-inventory.ts";
import { impatientClock, loadSmall, smallRealm, smallSecret } from "../support/small-realm.ts";

const deps = { clock: impatientClock, random: systemRandom };
const folder = mkdtempSync(join(tmpdir(), "cloudpass-faults-"));
const spec = loadSmall("faults");
const secret = "only of this test";
const credentials = { kind: "client", clientId: "applier", secret: new Secret(secret) } as const;
let keycloak: KeycloakRig;
let proxy: FaultProxy;
let through: KeycloakConnection;
let direct: KeycloakConnection;
let inventory: Inventory;
/** What stands in the realm before and after. */
let bare: readonly string[];
let whole: readonly string[];

/** Every run comes when the lease of the one before, which may have died with it, is over. */
let runs = 0;
const leaseClock: Clock = { ...impatientClock, now: () => instant(impatientClock.now() + runs * 1000) };
const lease = { holder: "a test", clock: leaseClock, random: systemRandom };

beforeAll(async () => {
  keycloak = await startKeycloak({ dir: folder });
  proxy = await startFaultProxy(keycloak.url);
  direct = { url: keycloak.url, realm: "master", credentials };
  through = { ...direct, url: proxy.url };
  inventory = inventoryOf(direct, "faults");
  // An account of a machine: a login with a password takes a Keycloak a second of work, and there are hundreds.
  const admin = keycloakAdmin(keycloak.url, keycloak.adminUser, keycloak.adminPassword);
  const client = { clientId: "applier", secret, serviceAccountsEnabled: true, standardFlowEnabled: false };
  const id = String(await admin.call("POST", "/master/clients", client));
  const account = await admin.get(`/master/clients/${id}/service-account-user`);
  const role = await admin.get("/master/roles/admin");
  await admin.call("POST", `/master/users/${String(account["id"])}/role-mappings/realm`, [role]);
  await admin.call("POST", "", { realm: "faults", enabled: true, organizationsEnabled: true });
  bare = await inventory();
});

afterAll(async () => {
  await proxy?.stop();
  await keycloak?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Plan = (connection: KeycloakConnection) => Promise<PlannedRealm>;
const building: Plan = (connection) => planRealm(spec, connection, deps);
const hasty: Plan = (connection) => planRealm(spec, connection, { ...deps, timeoutMs: 1000, creationTimeoutMs: 1000 });
const removing: Plan = (connection) => planRemoval(spec, connection, deps);

/** Plans undisturbed, and applies with the trouble. A fault: nothing was begun. */
async function attempt(decide: Decide, plan: Plan = building): Promise<Ended> {
  runs++;
  proxy.trouble(() => undefined);
  const planned = await plan(through);
  expect(planned.plan.conflicts, formatPlan(planned.plan)).toEqual([]);
  proxy.trouble(decide);
  const how = await endOf(applyRealm(planned, { lease }));
  proxy.trouble(() => undefined);
  return how;
}

/** Applies without any trouble, and looks: nothing doubled, nothing lost. */
async function completes(plan: Plan, left: readonly string[], after: string): Promise<void> {
  const planned = await plan(direct);
  expect(planned.plan.conflicts, `${after}: ${formatPlan(planned.plan)}`).toEqual([]);
  const applied = await applyRealm(planned);
  expect(applied.outcome, `${after}: ${formatApplied(applied)}`).toBe("applied");
  expect(await inventory(), after).toEqual(left);
}

/** The realm is made whole, and then all is taken out again. */
async function converges(after: string): Promise<void> {
  await completes(building, whole, after);
  await completes(removing, bare, after);
}

/** With `CLOUDPASS_FAULT_PAIRS=1` every kill is followed by a run to the end and a beginning from nothing; minutes. */
const pairs = process.env["CLOUDPASS_FAULT_PAIRS"] === "1";

/** Kills a run after each of its changes. `restart`: what is done after each kill when all pairs are wanted. */
async function killedAtEach(plan: Plan, restart: () => Promise<void>): Promise<ReadonlySet<string>> {
  const { ended, boundaries } = await killAtEach({
    run: (decide) => attempt(decide, plan),
    // From nothing, its place says which change it is.
    boundaryOf: pairs ? ({ change }) => String(change) : changeInWords,
    afterKill: async () => {
      if (pairs) await restart();
    },
  });
  expect(outcomeOf(ended), say(ended)).toBe("applied");
  return boundaries;
}

describe("a realm without trouble", () => {
  it("is made, and taken out again without a trace", async () => {
    expect(outcomeOf(await attempt(() => undefined))).toBe("applied");
    whole = await inventory();
    expect(whole.length).toBeGreaterThan(bare.length + 10);
    await attempt(() => undefined, removing);
    expect(await inventory()).toEqual(bare);
  });
});

describe("an apply that is killed", () => {
  it("after each single request of it: the next run goes on, nothing is doubled, nothing is lost", async () => {
    const boundaries = await killedAtEach(building, () => converges("killed while building"));
    expect(boundaries.size).toBeGreaterThan(30);
    await completes(building, whole, "killed while building");
  }, 900_000);

  it("after each single request of taking it out: the next run goes on, and leaves no trace", async () => {
    const boundaries = await killedAtEach(removing, async () => {
      await completes(removing, bare, "killed while removing");
      await completes(building, whole, "killed while removing");
    });
    expect(boundaries.size).toBeGreaterThan(10);
    await completes(removing, bare, "killed while removing");
    // The last one killed may have left its lease, and a run with nothing to do takes none over: whole runs clear it away.
    await attempt(() => undefined);
    await attempt(() => undefined, removing);
  }, 900_000);

  it("as a process, by Ctrl-C: ends what is under way, begins nothing more, and holds up nobody", async () => {
    const interrupted = interruptedAt(5);
    expect(await interrupted.ended).toMatchObject({
      code: 130,
      said: expect.stringMatching(/interrupted: \d+ steps? done, \d+ not done\n {2}done [\s\S]*\n {2}not done /),
    });
    proxy.trouble(() => undefined);
    const next = await command("apply", "--yes").ended;
    expect(next, next.said).toMatchObject({ code: 0, said: expect.stringContaining("done and verified") });
    await converges("interrupted");
  }, 60_000);

  it("as a process, by a second Ctrl-C: is gone at once", async () => {
    const interrupted = interruptedAt(5);
    interrupted.child.stderr.on("data", (text: Buffer) => {
      if (String(text).includes("Ctrl-C again")) interrupted.child.kill("SIGINT");
    });
    const ended = await interrupted.ended;
    expect(ended, ended.said).toMatchObject({ signal: "SIGINT", said: expect.not.stringContaining("not done") });
    await attempt(() => undefined);
    await converges("interrupted twice");
  }, 60_000);

  it("as a process, by the system: the next is told whose lease it was, and after that converges", async () => {
    proxy.trouble(({ change }) => {
      if (change !== 9) return undefined;
      killed.child.kill("SIGKILL");
      return { kind: "cut", afterwards: true };
    });
    const killed = command("apply", "--yes");
    expect(await killed.ended).toMatchObject({ signal: "SIGKILL", said: expect.not.stringContaining("verified") });
    proxy.trouble(() => undefined);
    const next = await command("apply", "--yes").ended;
    expect(next, next.said).toMatchObject({
      code: 1,
      said: expect.stringMatching(/nothing done: .* has been applying since/),
    });
    await converges("process killed");
  }, 60_000);
});

/** An apply as a process that gets a Ctrl-C while a change is under way. */
function interruptedAt(at: number) {
  proxy.trouble(({ change }) => {
    if (change !== at) return undefined;
    interrupted.child.kill("SIGINT");
    return { kind: "slow", ms: 1000 };
  });
  const interrupted = command("apply", "--yes");
  return interrupted;
}

/** The command itself, as a process of its own. */
function command(what: string, ...flags: readonly string[]) {
  writeFileSync(join(folder, "small.yaml"), smallRealm("faults"));
  const main = `{url: "${proxy.url}", clientId: applier, clientSecret: {env: APPLIER}}`;
  const environment = `kind: Environment\nissuer: https://login.example\nkeycloaks: {main: ${main}}\n`;
  writeFileSync(join(folder, "environment.yaml"), environment);
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const files = [join(folder, "small.yaml"), "-e", join(folder, "environment.yaml")];
  const env = { ...process.env, APPLIER: secret, HOME_SECRET: smallSecret };
  const child = spawn(process.execPath, ["src/main.ts", "realms", what, ...files, ...flags], { cwd: root, env });
  let said = "";
  const hear = (text: Buffer) => {
    said += String(text);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const ended = new Promise<{ code: number | null; signal: string | null; said: string }>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, said }));
  });
  return { child, ended };
}

describe("a Keycloak that answers badly now and then", () => {
  const troubles: readonly (readonly [string, Trouble])[] = [
    ["503 before it did anything", { kind: "answer", status: 503 }],
    ["503 after it did it", { kind: "answer", status: 503, afterwards: true }],
    ["500 after it did it", { kind: "answer", status: 500, afterwards: true }],
    ["429 with Retry-After", { kind: "answer", status: 429, headers: { "retry-after": "1" } }],
    ["a page in place of JSON", { kind: "html" }],
    ["half a body", { kind: "half" }],
    ["too late", { kind: "slow", ms: 1200 }],
    ["not at all", { kind: "cut", afterwards: true }],
  ];

  it.each(troubles)(
    "%s, at every sixth request: it ends in words, and the next runs converge",
    async (name, trouble) => {
      const plan = trouble.kind === "slow" ? hasty : building;
      const ended = await attempt(({ n }) => (n % 6 === 5 ? trouble : undefined), plan);
      expect(["not begun", "applied", "stopped", "unverified", "unsettled"]).toContain(outcomeOf(ended));
      expect(say(ended)).not.toContain(smallSecret);
      await converges(name);
    },
  );

  it("a token that ends in the middle is renewed once, and nobody notices", async () => {
    const ended = await attempt(({ change }) => (change === 7 ? { kind: "answer", status: 401 } : undefined));
    expect(outcomeOf(ended), say(ended)).toBe("applied");
    await converges("a token that ended");
  });

  it("an account that is refused is a fault that does not pass by itself, before anything is changed", async () => {
    const wrong = { ...direct, credentials: { ...credentials, secret: new Secret("wrong") } };
    const thrown = await planRealm(spec, wrong, deps).catch((problem: unknown) => problem);
    expect(thrown).toBeInstanceOf(Fault);
    expect(thrown).toMatchObject({ retryable: false, message: expect.stringContaining("the account was refused") });
    expect(await inventory()).toEqual(bare);
  });
});

describe("two appliers at once (S-62)", () => {
  it("the second is told who is at work, and does nothing", async () => {
    const second = await planRealm(spec, direct, deps);
    let answer: Promise<Applied> | undefined;
    const ended = await attempt(({ change }) => {
      if (change === 5) answer = applyRealm(second, { lease: { ...lease, holder: "the second" } });
      return change === 5 ? { kind: "slow", ms: 1500 } : undefined;
    });
    expect(outcomeOf(ended), say(ended)).toBe("applied");
    expect(await answer).toMatchObject({ outcome: "held", by: { holder: "a test" } });
    await converges("two appliers");
  });
});
