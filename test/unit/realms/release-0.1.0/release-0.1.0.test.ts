import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { instant } from "../../../../src/core/index.ts";
import { planningOf } from "../../../../src/realms/desired/planning.ts";
import { desiredRealm } from "../../../../src/realms/desired/realm.ts";
import { realmKinds } from "../../../../src/realms/driver.ts";
import { groupPath } from "../../../../src/realms/group-path.ts";
import { fingerprintIn, isPlace, stateIn } from "../../../../src/realms/state.ts";
import {
  applyPlan,
  formatApplied,
  formatPlan,
  type Key,
  memoryOwnership,
  type Observed,
  planFrom,
  readPlans,
} from "../../../../src/reconcile/index.ts";
import { realmOf } from "../kit.ts";

/** Written by release 0.1.0: a realm file, the plan that it saved, and the state that it kept in a realm's attributes. */
const recorded = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
const stateText = JSON.stringify(JSON.parse(recorded("state.json")));
const state = stateIn({
  attributes: {
    "cloudpass.ledger.0": stateText.slice(0, 400),
    "cloudpass.ledger.1": stateText.slice(400),
    theirs: "not ours",
  },
});
const planner = { name: "keycloak main realm x", kinds: realmKinds, ownership: memoryOwnership() };
const there = (kind: string, key: Key, id?: string): Observed => ({
  ...{ kind, key, fields: {}, owned: false, ...(id !== undefined && { id }) },
});
/** A plan that wants nothing any more of what stands there. */
const without = (...observed: readonly Observed[]) => planFrom(planner, [], observed, undefined, state.ownership);

describe("a plan that release 0.1.0 saved", () => {
  it("is read, and is the plan that is made of the same file today", async () => {
    const spec = realmOf(recorded("realm.yaml"));
    const desired = await desiredRealm(spec, () => Promise.reject(new Error("nobody is asked")));
    const plan = planFrom(planner, desired, [], planningOf(spec, instant(0)));
    const read = readPlans(recorded("plan.json"));
    expect(read).toEqual({ ok: true, value: [plan] });
  });

  it("is refused as stale, with both names, where it named something so that two things could be meant", async () => {
    const resource = { kind: "client-role", key: ["my app", "viewer"], fields: {} };
    const driver = { ...planner, read: async () => [], create: fail, update: fail, remove: fail };
    const plan = planFrom(planner, [resource], []);
    const old = JSON.parse(JSON.stringify(plan).replaceAll('\\"my app\\" viewer', "my app viewer"));
    const applied = await applyPlan(driver, [resource], { ...old, desired: plan.desired });
    expect(formatApplied(applied)).toContain("nothing done: the plan is stale");
    expect(applied).toMatchObject({ moved: ['client-role "my app" viewer', "client-role my app viewer"] });
  });
});

const fail = () => Promise.reject(new Error("nothing is written"));

describe("ownership that release 0.1.0 recorded in a realm", () => {
  it("holds for objects of two and more names", () => {
    const plan = without(
      there("component", ["UserStorageProvider", { path: ["people"] }], "c1"),
      there("default-group", groupPath("customers", "acme inc")),
      there("service-account-role", ["app", "realm", "reader"]),
      there("client-mapper", ["app", "of person"], "m1"),
    );
    const gone = plan.steps.map((step) => `${step.action} ${step.kind} ${step.key}`);
    expect(gone.sort()).toEqual([
      "delete component UserStorageProvider people",
      "delete default-group /customers/acme inc",
      "delete service-account-role app realm reader",
    ]);
    expect(plan.kept.map(({ kind, because }) => [kind, because])).toEqual([
      ["client-mapper", "we took it over, and did not make it"],
    ]);
  });

  it("is believed with Keycloak's id where its text may mean two objects, and is written anew", () => {
    const plan = without(
      there("client-role", ["my app", "viewer"], "r1"),
      there("client-role", ["my", "app viewer"], "r2"),
    );
    expect(plan.kept).toEqual([
      { kind: "client-role", key: '"my app" viewer', because: "we took it over, and did not make it" },
    ]);
    expect(plan.repairs).toBeGreaterThan(0);
  });

  it("is not believed without an id where its text may mean two objects: nothing is deleted, and the plan says why", () => {
    const plan = without(there("service-account-role", ["my app", "realm", "reader"]));
    expect(plan.steps).toEqual([]);
    expect(formatPlan(plan)).toContain(
      'service-account-role "my app" realm reader is no longer wanted, and stays: it was not made by us for sure: release 0.1.0 recorded "my app realm reader", which may be another',
    );
  });
});

describe("what else release 0.1.0 kept in a realm", () => {
  it("says where objects of ours may be", () => {
    expect(isPlace(state, "client-role", "app")).toBe(true);
    expect(isPlace(state, "group", groupPath("customers"))).toBe(true);
    expect(isPlace(state, "group", groupPath("others"))).toBe(false);
  });

  it("has fingerprints of secrets, also of objects with blanks in their names", () => {
    const component = { kind: "component", key: ["UserStorageProvider", { path: ["my ldap"] }] };
    expect(fingerprintIn(state, component, "bindCredential")).toBe("s1.abc");
    expect(fingerprintIn(state, { kind: "realm", key: "x" }, "smtpServer.password")).toBe("s1.def");
  });
});
