import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatEntitlement, type IdentityProviderAlias } from "../../src/core/index.ts";
import {
  grantsBeyondManagers,
  isGroupBeyondManagers,
  type Policy,
  setsBeyondManagers,
} from "../../src/policy/index.ts";
import { acme, login, mustLoad, targets, tenant } from "../unit/policy/kit.ts";

// A manager who may change the tenant's file tries to make a manager of somebody: by a grant, by what a set holds, by who the
// people are, by a longer time. The oracle knows nothing of grants: it asks the two policies what everybody has.

const operators = targets
  .replace("tenants:\n", "console: {roles: [tenant-manager, tenant-auditor, operator]}\ntenants:\n")
  .replace(
    "kubernetes: [edit, view]}",
    "kubernetes: [edit, view], console: [tenant-manager, tenant-auditor, operator]}",
  )
  .replace("roles: [reader, member, manager]}", "roles: [reader, member, manager, lead], implies: {lead: [manager]}}")
  .replace("[member, reader, manager]", "[member, reader, manager, lead]");

const openStackRoles = ["reader", "member", "manager", "lead"] as const;
const consoleRoles = ["tenant-manager", "tenant-auditor", "operator"] as const;
const groups = ["g1", "g2", "g3"] as const;
const times = ["2026-01-01", "2026-06-01"] as const;

interface Drawn {
  readonly sets: readonly { readonly openstack: readonly string[]; readonly console: readonly string[] }[];
  readonly people: readonly (readonly string[])[];
  readonly grants: readonly {
    readonly set: number;
    readonly people: number;
    readonly console: boolean;
    readonly until: string | undefined;
  }[];
}
const two = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 2, maxLength: 2 });
const drawn: fc.Arbitrary<Drawn> = fc.record({
  sets: two(
    fc.record({
      openstack: fc.subarray([...openStackRoles], { minLength: 1 }),
      console: fc.subarray([...consoleRoles], { minLength: 1 }),
    }),
  ),
  people: two(fc.subarray([...groups], { minLength: 1 })),
  grants: fc.array(
    fc.record({
      set: fc.nat(1),
      people: fc.nat(1),
      console: fc.boolean(),
      until: fc.constantFrom(undefined, ...times),
    }),
    { maxLength: 3 },
  ),
});

const policyOf = ({ sets, people, grants }: Drawn): Policy =>
  mustLoad([
    { file: "targets.yaml", text: operators },
    ...acme(`sets:
${sets.map((s, i) => `  s${i}: [{openstack: {roles: [${s.openstack.join(", ")}], on: domain}}, ${s.console.map((role) => `{console: {role: ${role}}}`).join(", ")}]`).join("\n")}
people:
${people.map((has, i) => `  p${i}: {from: acme-idp, any: [{groups: {in: [${has.join(", ")}]}}]}`).join("\n")}
grants: ${grants.length === 0 ? "[]" : ""}
${grants.map((g, i) => `  - {id: g${i}, give: s${g.set}, to: p${g.people}, at: [${g.console ? "console" : "gx1"}]${g.until === undefined ? "" : `, valid: {until: "${g.until}"}`}}`).join("\n")}
`).slice(1),
  ]);

const everybody = fc.sample(fc.subarray([...groups]), { numRuns: 60, seed: 1 });
const moments = [1_760_000_000, 1_775_000_000, 1_790_000_000];
const ruling = /(?: manager| lead| tenant-manager| operator)$/;

/** Ruling rights by whoever has them, and when. */
const powers = (policy: Policy): Set<string> =>
  new Set(
    moments.flatMap((at) =>
      everybody.flatMap((held) => {
        const decision = policy.decide(login({ groups: held }, { at }));
        if (decision.kind === "unknown") return [];
        return decision.entitlements
          .map(formatEntitlement)
          .flatMap((right) => (ruling.test(right) ? [`${at} ${held} ${right}`] : []));
      }),
    ),
  );

describe("S-43: whoever may change a tenant's file", () => {
  test("gives nobody the power of a manager who had it not", () => {
    let caught = 0;
    fc.assert(
      fc.property(drawn, drawn, (old, young) => {
        const [before, after] = [policyOf(old), policyOf(young)];
        const known = powers(before);
        const gained = [...powers(after)].filter((power) => !known.has(power));
        const beyond = grantsBeyondManagers(before, after, tenant("acme"));
        if (gained.length > 0) {
          caught++;
          expect(beyond.length, gained.join("\n")).toBeGreaterThan(0);
        }
      }),
      { numRuns: 400 },
    );
    expect(caught).toBeGreaterThan(50);
  });

  test("may leave everything as it is, take away, and shorten", () => {
    fc.assert(
      fc.property(drawn, fc.nat(2), (old, which) => {
        const before = policyOf(old);
        expect(grantsBeyondManagers(before, before, tenant("acme"))).toEqual([]);
        const shorter = old.grants.map((g, i) => (i === which ? { ...g, until: times[0] } : g));
        expect(grantsBeyondManagers(before, policyOf({ ...old, grants: shorter }), tenant("acme"))).toEqual([]);
        const fewer = old.grants.slice(0, which);
        expect(grantsBeyondManagers(before, policyOf({ ...old, grants: fewer }), tenant("acme"))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("hides no person among many: a condition with more values than its words name is compared whole", () => {
    const people = (last: string) => ({
      sets: [{ openstack: ["manager"], console: ["operator"] }],
      people: [["a", "b", "c", "d", "e", last]],
      grants: [{ set: 0, people: 0, console: false, until: undefined }],
    });
    expect(grantsBeyondManagers(policyOf(people("f")), policyOf(people("mallory")), tenant("acme"))).toHaveLength(1);
  });
});

describe("S-43: whoever may fill groups", () => {
  const alias = "acme-idp" as IdentityProviderAlias;
  const isGuarded = (policy: Policy, group: string) => isGroupBeyondManagers(policy, tenant("acme"), { alias, group });
  const declared = "upstreams: {acme-idp: {claims: {groups: {type: list}, department: {type: text}}}}\ntenants:\n";
  const ofPeople = (people: string, more = "") =>
    mustLoad([
      { file: "targets.yaml", text: operators.replace("tenants:\n", declared) },
      ...acme(`sets:\n  s: [{openstack: {role: manager, on: domain}}]\n  m: [{openstack: {role: member, on: domain}}]
people:\n  p: {from: acme-idp, ${people}}\n  q: {from: acme-idp, all: [{groups: {has: deciders}}]}
grants: [{id: g, give: s, to: p, at: [gx1]}]\n${more}`).slice(1),
    ]);

  // Seen red with the judge gone.
  test("changes nobody's power by putting anybody in or out", () => {
    let caught = 0;
    fc.assert(
      fc.property(drawn, (old) => {
        const policy = policyOf(old);
        const all = powers(policy);
        const of = (held: readonly string[]) =>
          String(
            [...all]
              .flatMap((power) => (power.split(" ")[1] === String(held) ? power.replace(` ${held} `, " ") : []))
              .sort(),
          );
        for (const held of everybody)
          for (const group of groups) {
            if (held.includes(group)) continue;
            const joined = groups.filter((one) => one === group || held.includes(one));
            if (of(held) === of(joined)) continue;
            caught++;
            expect([group, isGuarded(policy, group)]).toEqual([group, true]);
          }
      }),
      { numRuns: 150 },
    );
    expect(caught).toBeGreaterThan(50);
  });

  test.each([
    ["all: [{groups: {has: Café}}]", "Cafe\u0301", true],
    ["all: [{groups: {endsWith: -ops}}]", "x-ops", true],
    ["all: [{groups: {endsWith: -ops}}]", "ops", false],
    ["all: [{department: {equals: it}}], not: [{groups: {has: out}}]", "out", true],
    [`all: [{department: {equals: it}}], cel: '"x" in claims.groups'`, "anything", true],
    [`all: [{groups: {has: a}}], cel: 'claims.department == "it"'`, "b", false],
    ["all: [{department: {equals: a}}]", "a", false],
  ])("of people with %s the group %s: %s", (people, group, guarded) => {
    expect(isGuarded(ofPeople(people), group)).toBe(guarded);
  });

  test("nor who decides access requests", () => {
    const more = "requestable: {sets: [m], longest: 1d, deciders: [q]}\n";
    expect(isGuarded(ofPeople("all: [{groups: {has: a}}]", more), "deciders")).toBe(true);
    expect(isGuarded(ofPeople("all: [{groups: {has: a}}]"), "deciders")).toBe(false);
  });
});

describe("S-43: a set that holds the right to rule, before anything gives it", () => {
  const setOf = (items: string) =>
    mustLoad([{ file: "targets.yaml", text: operators }, ...acme(`sets:\n  x: [${items}]\n`).slice(1)]);
  const harmless = "{openstack: {role: member, on: domain}}";
  const named = (before: Policy, after: Policy) =>
    setsBeyondManagers(before, after, tenant("acme")).map(({ name }) => name);

  // Seen red: two proposals, the set and a grant of it, were each judged without the other.
  test.each([
    ["a role that rules", "{openstack: {role: manager, on: domain}}"],
    ["a role that implies one", "{openstack: {role: lead, on: domain}}"],
    ["the console", "{console: {role: tenant-manager}}"],
  ])("%s is noticed when it comes in, and not for what was there", (_, ruling) => {
    const [before, after] = [setOf(harmless), setOf(`${harmless}, ${ruling}`)];
    expect(named(before, after)).toEqual(["x"]);
    expect(named(after, after)).toEqual([]);
    expect(named(after, before)).toEqual([]);
  });

  test("what changes nothing there is harmless", () => {
    expect(named(setOf(harmless), setOf(`${harmless}, {console: {role: tenant-auditor}}`))).toEqual([]);
  });
});
