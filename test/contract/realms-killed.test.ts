import { beforeAll, describe, expect, it } from "vitest";
import { type Clock, instant, Secret, systemRandom } from "../../src/core/index.ts";
import {
  applyRealm,
  formatPlan,
  type KeycloakConnection,
  loadRealms,
  planRealm,
  type RealmSpec,
} from "../../src/realms/index.ts";
import { type Fields, type Hand, handOn } from "../realms-corpus/hand.ts";
import { differences } from "../realms-corpus/oracle/differences.ts";
import { readWhole } from "../realms-corpus/oracle/read.ts";
import { type Ended, endOf, outcomeOf, say } from "../support/ended-apply.ts";
import { type FaultProxy, type PassingRequest, startFaultProxy } from "../support/fault-proxy.ts";
import { changeInWords, type Decide, killAtEach } from "../support/kill-at-each.ts";
import { impatientClock } from "../support/small-realm.ts";
import { ownKeycloak } from "./own-keycloak.ts";
import { halfRealm, wholeRealm } from "./realm-kinds/killed-realm.ts";
import { loginPage, type StandingRealm, standing } from "./realm-kinds/standing-realm.ts";
import { asKeycloakHasIt } from "./realm-kinds/two-ways.ts";

// Two realms go the same way, from nothing to a realm with all kinds of objects and on to one that has half of them: one
// undisturbed, the other by runs that are killed, each after another change. What comes of them is compared by Keycloak's
// own word; and whenever one was killed, people can log in, and nobody holds what no file gives.

const server = ownKeycloak({ jvm: "throughput" });
const [killed, undisturbed] = ["killed", "quiet"] as const;
let proxy: FaultProxy;
let through: KeycloakConnection;
let hand: Hand;
/** What may stand there meanwhile: flows as Keycloak makes them, and all that the files say. */
const may = { rights: new Set<string>(), flows: new Set<string>() };
/** The undisturbed realm, whole and then half. */
const aims: Fields[] = [];

/** Every run comes when the lease of the one before, which died with it, is over. */
let runs = 0;
const clock: Clock = { ...impatientClock, now: () => instant(impatientClock.now() + runs * 1000) };
const deps = { clock, random: systemRandom };
const lease = { holder: "a test", ...deps };

function load(text: string): RealmSpec {
  const loaded = loadRealms([{ file: "realm.yaml", text }], () => "a secret of the test");
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) throw new Error(JSON.stringify(loaded, undefined, 1));
  return spec;
}

beforeAll(async () => {
  const { admin, rig } = server;
  proxy = await startFaultProxy(rig.url);
  // An account of a machine: a login with a password takes a Keycloak a second of work, and there are hundreds.
  const master = handOn(admin, "master");
  const secret = "only of this test";
  const client = {
    ...{ clientId: "applier", secret, serviceAccountsEnabled: true, standardFlowEnabled: false },
    // A token that names all rights in all realms is too long for a header where there are many.
    attributes: { "client.use.lightweight.access.token.enabled": "true" },
  };
  const account = await master.get(`/clients/${await master.post("/clients", client)}/service-account-user`);
  await master.post(`/users/${String(account["id"])}/role-mappings/realm`, [await master.get("/roles/admin")]);
  const credentials = { kind: "client", clientId: "applier", secret: new Secret(secret) } as const;
  through = { url: proxy.url, realm: "master", credentials };
  await admin.call("POST", "", { realm: "bare", enabled: true, organizationsEnabled: true });
  allow(await standing(handOn(admin, "bare")));
  for (const file of [wholeRealm, halfRealm]) {
    const ended = await attempt(load(file(undisturbed)), () => undefined);
    expect(outcomeOf(ended), say(ended)).toBe("applied");
    allow(await standing(handOn(admin, undisturbed)));
    aims.push(await asKeycloakHasIt(admin, undisturbed));
  }
  hand = handOn(admin, killed);
  return () => proxy.stop();
}, 300_000);

function allow({ rights, flows }: StandingRealm): void {
  for (const right of rights) may.rights.add(right.replaceAll(/\b(quiet|bare)\b/g, killed));
  for (const [use, steps] of flows) may.flows.add(`${use}: ${steps}`);
}

/** Plans and applies with the trouble. A fault: it was not begun. */
async function attempt(spec: RealmSpec, decide: Decide): Promise<Ended> {
  runs++;
  proxy.trouble(decide);
  const run = async () => applyRealm(await planRealm(spec, through, deps), { lease });
  const how = await endOf(run());
  proxy.trouble(() => undefined);
  return how;
}

/** People get in, and nobody has more than one of the files gives. */
async function isSafe(after: string): Promise<void> {
  if (!(await realmNames()).includes(killed)) return;
  expect.soft(await loginPage(server.rig.url, killed), after).toBe(200);
  const { rights, flows } = await standing(hand);
  const tooMuch = [...rights].filter((right) => !may.rights.has(right));
  expect.soft(tooMuch, after).toEqual([]);
  const used = [...flows].map(([use, steps]) => `${use}: ${steps}`);
  const halfDone = used.filter((one) => !may.flows.has(one));
  expect.soft(halfDone, after).toEqual([]);
}

const realmNames = async (): Promise<readonly unknown[]> =>
  (await server.admin.list("?briefRepresentation=true")).map((it) => it["realm"]);
const scratchRealms = async (): Promise<readonly unknown[]> =>
  (await realmNames()).filter((name) => /^cloudpass-/.test(String(name)));

/** With `CLOUDPASS_FAULT_PAIRS=1` there is a kill at every step of a flow and for every note in the realm; minutes. */
const all = process.env["CLOUDPASS_FAULT_PAIRS"] === "1";

/** Of a flow's steps, and of the notes that we keep in the realm, each sort is enough: other tests kill at every one. */
function boundaryOf(request: PassingRequest): string {
  const { path, body } = request;
  if (all) return changeInWords(request);
  if (path.includes("/executions")) return changeInWords({ ...request, body: "" });
  const noted = body.replaceAll(/("cloudpass\.[^"]*"):"(?:[^"\\]|\\.)*"/g, "$1");
  return changeInWords({ ...request, body: noted });
}

/** Runs until one ends by itself, and looks at what it left. */
async function comesThrough(file: (realm: string) => string, aim: () => Fields | undefined): Promise<number> {
  const spec = load(file(killed));
  let scratch: readonly unknown[] = [];
  const { ended, boundaries } = await killAtEach({
    run: async (decide) => {
      scratch = await scratchRealms();
      return attempt(spec, decide);
    },
    boundaryOf,
    afterKill: isSafe,
  });
  expect(outcomeOf(ended), say(ended)).toBe("applied");
  expect(differences(aim(), await asKeycloakHasIt(server.admin, killed))).toEqual([]);
  const { plan } = await planRealm(spec, through, deps);
  expect(plan.steps, formatPlan(plan)).toEqual([]);
  expect(JSON.stringify(await readWhole(hand))).not.toMatch(/cloudpass-lease|being built/);
  expect((await scratchRealms()).filter((name) => !scratch.includes(name))).toEqual([]);
  return boundaries.size;
}

describe("an apply that is killed after each of its changes, and goes on", () => {
  it("from nothing: makes the realm that an undisturbed one makes; meanwhile people log in and nobody has too much", async () => {
    expect(await comesThrough(wholeRealm, () => aims[0])).toBeGreaterThan(40);
  }, 900_000);

  it("to half of it: takes away what an undisturbed one takes away; meanwhile the same holds", async () => {
    expect(await comesThrough(halfRealm, () => aims[1])).toBeGreaterThan(30);
  }, 900_000);
});
