import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CommitId, instant, type TargetName, type TenantName } from "../../../src/core/index.ts";
import {
  type ConsoleDeps,
  keepTargetState,
  type LookEnded,
  outcomeOf,
  saveChange,
} from "../../../src/operations/index.ts";
import { wantedOn } from "../../../src/targets/index.ts";
import { callerOf, world, written } from "./console-world.ts";

const gx1 = "gx1" as TargetName;
let w: Awaited<ReturnType<typeof world>>;
let deps: ConsoleDeps;
beforeEach(async () => {
  w = await world();
  deps = { ...w.deps, keptTargets: new Set([gx1]) };
});
afterEach(() => w.stop());

const boss = callerOf("bosses");
/** Takes the grant `dev` back, with the test that wants it, as a manager does it. */
async function takeBack(): Promise<CommitId> {
  const changes = [
    { section: "grants", name: "dev", value: undefined },
    { section: "tests", name: "a developer", value: undefined },
  ] as const;
  const saved = await saveChange({ tenant: "acme", from: await w.repository.head(), changes }, deps, boss);
  if (!saved.ok) throw new Error(saved.refusal.message);
  return saved.value.commit;
}
/** What the instance that keeps gx1 leaves after a look that begins now. */
const look = (ended: LookEnded, commit = w.policyFiles.commit()) =>
  keepTargetState(w.k.parts.store, gx1, {
    ...{ at: deps.clock.now(), ended, commit },
    wanted: wantedOn(w.inUse.current(), gx1, deps.clock.now()),
  });
/** The tenant's file without its test. */
const untested = written.split("tests:")[0] ?? "";
const became = async (commit: CommitId, caller = boss) => {
  const found = await outcomeOf({ tenant: "acme", commit }, deps, caller);
  if (!found.ok) return found.refusal.code;
  return found.value.targets.map(({ target, state, reason }) => [target, state, ...(reason ? [reason] : [])].join(" "));
};

describe("what became of a change on a target", () => {
  it("is waited for until a look that had it in view, whatever the look before said", async () => {
    await look({ state: "in-step" });
    const commit = await takeBack();
    expect(await became(commit)).toEqual(["gx1 waiting"]);
    await look({ state: "in-step" });
    expect(await became(commit)).toEqual(["gx1 done"]);
  });

  it("is what the last look says, with why", async () => {
    const commit = await takeBack();
    const ends: readonly LookEnded[] = [
      { state: "failed", reason: "away" },
      { state: "failed", reason: "refused" },
      { state: "failed", reason: "unsettled" },
      { state: "person", reason: "deletes" },
      { state: "person", reason: "report" },
      { state: "lacks" },
    ];
    const outcomes: string[] = [];
    for (const ended of ends) {
      await look(ended);
      outcomes.push(...(await became(commit)));
    }
    expect(outcomes).toEqual([
      "gx1 away away",
      "gx1 away refused",
      "gx1 away unsettled",
      "gx1 person deletes",
      "gx1 person report",
      "gx1 person lacks",
    ]);
  });

  it("stays done when something later waits, or the target goes away", async () => {
    const commit = await takeBack();
    await look({ state: "in-step" });
    const undone = await w.push("acme/policy.yaml", written);
    await look({ state: "failed", reason: "away" });
    expect([await became(commit), await became(undone)]).toEqual([["gx1 done"], ["gx1 away away"]]);
  });

  it("is done by whatever made the target so: also without that commit in view", async () => {
    await look({ state: "in-step" });
    const gone = await takeBack();
    const back = await w.push("acme/policy.yaml", `# as before\n${written}`);
    expect([await became(gone), await became(back)]).toEqual([["gx1 done"], ["gx1 done"]]);
  });

  it("is not held up by another tenant's", async () => {
    const commit = await takeBack();
    await look({ state: "in-step" });
    await w.push(
      "other/policy.yaml",
      "kind: Policy\ntenant: other\nsets: {s: [{openstack: {role: member, on: {project: dev}}}]}\npeople: {p: {from: other-idp, all: [{groups: {has: p}}]}}\ngrants: [{id: g, give: s, to: p, at: [gx1]}]\n",
    );
    await look({ state: "person", reason: "conflict" });
    expect(await became(commit)).toEqual(["gx1 done"]);
  });

  it("is the operator's to do where no broker keeps it, and waited for where nobody has looked yet", async () => {
    const commit = await takeBack();
    expect(await became(commit)).toEqual(["gx1 waiting"]);
    deps = { ...deps, keptTargets: new Set() };
    expect(await became(commit)).toEqual(["gx1 by-hand"]);
  });

  it("is told of the targets that it concerns alone: by the grant, its set or its people", async () => {
    const to = (from: string, into: string) => w.push("acme/policy.yaml", untested.replace(from, into));
    expect(await became(await to("role: member", "role: reader"))).toEqual(["gx1 waiting"]);
    expect(await became(await to("has: devs", "has: developers"))).toEqual(["gx1 waiting"]);
    await w.push("acme/policy.yaml", untested);
    expect(await became(await to("Who works", "Who built"))).toEqual([]);
    expect(await became(await w.push("acme/policy.yaml", written))).toEqual([]);
    const audited = `${untested}  - { id: audit, give: auditor, to: devs, at: [console] }\n`;
    expect(await became(await w.push("acme/policy.yaml", audited))).toEqual(["console done"]);
  });

  it("is seen by an auditor, and of another tenant, or of no commit, is not found", async () => {
    const commit = await takeBack();
    await w.push("acme/policy.yaml", `${untested}  - { id: a, give: auditor, to: devs, at: [console] }\n`);
    expect(await became(commit, callerOf("devs"))).toEqual(["gx1 waiting"]);
    expect(await became(commit, callerOf("nobody"))).toBe("forbidden");
    expect(await became("f".repeat(40) as CommitId)).toBe("not_found");
    const others = await outcomeOf({ tenant: "other" as TenantName, commit }, deps, callerOf("operators"));
    expect(others).toMatchObject({ ok: false, refusal: { code: "not_found" } });
  });

  it("says that it is not in use before the files are read", async () => {
    const saved = await w.repository.save({
      ...{ from: w.from, author: { name: "Hand", email: "h@acme.example" }, subject: "by hand" },
      edit: () => ({
        ok: true,
        value: new Map([["acme/policy.yaml", untested.replace("role: member", "role: reader")]]),
      }),
    });
    const commit = saved.ok ? saved.value.commit : w.from;
    const found = await outcomeOf({ tenant: "acme", commit }, deps, boss);
    expect(found).toMatchObject({ ok: true, value: { inUse: false, targets: [{ target: "gx1", state: "waiting" }] } });
  });
});

describe("what is kept of a look", () => {
  it("is of the last one, whoever came first", async () => {
    await Promise.all([look({ state: "in-step" }), look({ state: "failed", reason: "away" })]);
    const commit = await takeBack();
    w.k.clock.advance(60 as never);
    await look({ state: "in-step" });
    const found = await outcomeOf({ tenant: "acme", commit }, deps, boss);
    const at = instant(deps.clock.now());
    expect(found).toMatchObject({ ok: true, value: { targets: [{ state: "done", at }] } });
  });
});
