import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, sayEntitlement, type TenantName } from "../../../src/core/index.ts";
import {
  explain,
  type Grant,
  type LoginFacts,
  mintName,
  type Policy,
  sayExplanation,
} from "../../../src/policy/index.ts";
import { collisions } from "../../../src/policy/mint.ts";
import { examples, login, mustLoad, said, target } from "./kit.ts";

const tenants = ["t-one", "t-two"];
const values = ["a", "b", "c"];
const claimNames = ["groups", "dep", "mail"];
const json = JSON.stringify;

const atom = fc.oneof(
  fc.record({ claim: fc.constantFrom(...claimNames), has: fc.constantFrom(...values) }),
  fc.record({
    claim: fc.constantFrom(...claimNames),
    in: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }),
  }),
  fc.record({ claim: fc.constantFrom(...claimNames), equals: fc.constantFrom(...values) }),
  fc.record({ claim: fc.constantFrom(...claimNames), endsWith: fc.constantFrom(...values) }),
);
type AtomDraft = { claim: string } & Record<string, unknown>;
const write = ({ claim, ...test }: AtomDraft) => json({ [claim]: test });

const people = fc.record({
  from: fc.constantFrom("idp", "two"),
  all: fc.array(atom, { maxLength: 1 }),
  any: fc.array(atom, { maxLength: 3 }),
  not: fc.array(atom, { maxLength: 1 }),
});
const grant = fc.record({
  give: fc.constantFrom("low", "high"),
  to: fc.nat(2),
  at: fc.constantFrom(["gx1"], ["gx1", "gx2"], ["gx2"]),
  from: fc.option(fc.integer({ min: 2001, max: 2030 }), { nil: undefined, freq: 2 }),
  amr: fc.option(fc.constantFrom("mfa"), { nil: undefined, freq: 2 }),
});
const rules = fc.record({
  people: fc.array(people, { minLength: 3, maxLength: 3 }),
  grants: fc.array(grant, { minLength: 2, maxLength: 6 }),
});
type Rules = typeof rules extends fc.Arbitrary<infer T> ? T : never;

function writeTenant(name: string, { people, grants }: Rules): string {
  const part = (key: string, atoms: AtomDraft[]) =>
    atoms.length > 0 ? `, ${key}: [${atoms.map(write).join(", ")}]` : "";
  const who = people.map((p, i) => {
    const open = p.all.length + p.any.length === 0 ? ", everyone: true" : "";
    return `  w${i}: {from: ${name}-${p.from}${open}${part("all", p.all)}${part("any", p.any)}${part("not", p.not)}}`;
  });
  const given = grants.map((g, i) => {
    const valid = g.from === undefined ? "" : `, valid: {from: ${g.from}-01-01, until: ${g.from + 5}-01-01}`;
    const require = g.amr === undefined ? "" : `, require: {amr: [${g.amr}]}`;
    return `  - {id: g${i}, give: ${g.give}, to: w${g.to}, at: [${g.at.join(", ")}]${valid}${require}}`;
  });
  return [
    `kind: Policy\ntenant: ${name}\nsets:\n  low: [{openstack: {role: member, on: {project: p}}}]\n  high: [{openstack: {role: manager, on: domain}}]\npeople:`,
    ...who,
    ...(given.length > 0 ? ["grants:", ...given] : []),
  ].join("\n");
}

const targets = `kind: Targets
clouds:
  gx1: {keystone: "https://gx1.example/v3", roles: [member, manager]}
  gx2: {keystone: "https://gx2.example/v3", roles: [member, manager]}
tenants:
${tenants
  .map(
    (t) =>
      `  ${t}: {upstreams: [${t}-idp, ${t}-two], domains: {gx1: ${t}, gx2: ${t}}, projects: [p], ceiling: {openstack: [member, manager]}}`,
  )
  .join("\n")}
`;
const files = (all: readonly Rules[]) => [
  { file: "targets.yaml", text: targets },
  ...all.map((r, i) => ({ file: `${tenants[i]}.yaml`, text: writeTenant(tenants[i] ?? "", r) })),
];

const claim = fc.oneof(
  fc.constantFrom<unknown>(...values, "xa", "overage", null, 1, true, {}, []),
  fc.array(fc.constantFrom<unknown>(...values, "xa", 7, null), { maxLength: 4 }),
);
const facts = fc
  .record({
    tenant: fc.constantFrom(...tenants),
    foreign: fc.constantFrom(false, false, false, true),
    upstream: fc.constantFrom("idp", "idp", "two"),
    claims: fc.record(
      { groups: claim, dep: claim, mail: claim, _claim_names: fc.constantFrom({ dep: "x" }, {}, {}, 1) },
      { requiredKeys: ["groups"] },
    ),
    amr: fc.constantFrom([], ["mfa"]),
    flow: fc.constantFrom("device", "browser"),
    at: fc.integer({ min: 2000, max: 2036 }).map((y) => instant(Date.parse(`${y}-06-01T00:00:00Z`) / 1000)),
  })
  .map(({ foreign, upstream, ...f }) => {
    const owner = tenants.find((t) => (t === f.tenant) !== foreign);
    return login(f.claims, { ...f, upstream: `${owner}-${upstream}` });
  });

type Verdict = "yes" | "no" | "unknown";
const and = (all: Verdict[]): Verdict => (all.includes("no") ? "no" : all.includes("unknown") ? "unknown" : "yes");
const or = (all: Verdict[]): Verdict => (all.includes("yes") ? "yes" : all.includes("unknown") ? "unknown" : "no");
const negate = (v: Verdict): Verdict => (v === "yes" ? "no" : v === "no" ? "yes" : v);

/** The meaning of a policy, written down a second time and as plainly as possible: every grant, one after the other. */
function naive(policy: Policy, f: LoginFacts, at?: string): string[] | "unknown" {
  if (!policy.tenants.get(f.tenant)?.upstreams.some((u) => u === f.upstream)) return [];
  const claims = f.claims as Record<string, unknown>;
  const away = claims["_claim_names"];
  const one = (a: Grant["people"]["all"][number]): Verdict => {
    const v = claims[a.claim];
    if ((away !== null && typeof away === "object" && a.claim in away) || (a.claim === "groups" && v === "overage"))
      return "unknown";
    const list = (Array.isArray(v) ? v : [v]).filter((x) => typeof x === "string");
    if (a.test === "equals") return typeof v === "string" && a.values.includes(v) ? "yes" : "no";
    if (a.test === "in") return list.some((x) => a.values.includes(x)) ? "yes" : "no";
    return list.some((x) => x.length > String(a.values[0]).length && x.endsWith(String(a.values[0]))) ? "yes" : "no";
  };
  const rights: string[] = [];
  let unknown = false;
  for (const g of policy.rules.get(f.tenant)?.grants ?? []) {
    const conditions: boolean[] = [
      g.people.from === f.upstream,
      at === undefined || g.at.some((t) => t === at),
      g.from === undefined || f.at >= g.from,
      g.until === undefined || f.at < g.until,
      g.amr.every((m) => f.amr.includes(m)),
      !(g.set.name === "high" && f.flow === "device"),
    ];
    const p = g.people;
    const verdict = and([
      ...conditions.map((c): Verdict => (c ? "yes" : "no")),
      ...p.all.map(one),
      ...(p.any.length > 0 ? [or(p.any.map(one))] : []),
      ...p.not.map((a) => negate(one(a))),
    ]);
    if (verdict === "unknown") unknown = true;
    if (verdict === "yes")
      for (const [t, es] of g.entitlements) if (at === undefined || t === at) rights.push(...es.map(sayEntitlement));
  }
  return unknown ? "unknown" : [...new Set(rights)].sort();
}

describe("properties", () => {
  it("deciding through the index is the same as reading every grant one after the other", () => {
    const seen = { given: 0, unknown: 0 };
    fc.assert(
      fc.property(fc.tuple(rules, rules), fc.array(facts, { minLength: 20, maxLength: 20 }), (all, logins) => {
        const policy = mustLoad(files(all));
        for (const f of logins) {
          const decision = said(policy.decide(f));
          if (decision === "unknown") seen.unknown++;
          else if (decision.length > 0) seen.given++;
          expect(decision).toEqual(naive(policy, f));
          expect(said(policy.decide(f, target("gx2")))).toEqual(naive(policy, f, "gx2"));
          const explanation = explain(policy, f);
          expect(sayExplanation(explanation)).toContain(f.tenant);
          if (explanation.decision.kind === "decided")
            expect(explanation.matched.map((t) => t.grant)).toEqual(
              explanation.decision.grants.filter((t) => t.matched).map((t) => t.grant),
            );
        }
      }),
      { numRuns: 150 },
    );
    // Otherwise the property would have been proved on logins that get nothing.
    expect(seen.given).toBeGreaterThan(20);
    expect(seen.unknown).toBeGreaterThan(20);
  });

  it("the order of the files means nothing", () => {
    fc.assert(
      fc.property(fc.tuple(rules, rules), facts, fc.integer(), (all, f, seed) => {
        const shuffled = fc.sample(fc.shuffledSubarray(files(all), { minLength: 3 }), { numRuns: 1, seed })[0] ?? [];
        const [first, second] = [mustLoad(files(all)), mustLoad(shuffled)];
        expect(second.decide(f)).toEqual(first.decide(f));
        expect(second.digest).toBe(first.digest);
      }),
      { numRuns: 50 },
    );
  });

  it("an unrelated tenant changes nothing for the others", () => {
    fc.assert(
      fc.property(rules, rules, facts, (one, other, f) => {
        const alone = mustLoad(files([one]));
        const together = mustLoad(files([one, other]));
        if (f.tenant === tenants[0]) expect(together.decide(f)).toEqual(alone.decide(f));
      }),
      { numRuns: 80 },
    );
  });

  it("nobody ever gets a right in another tenant's domain", () => {
    fc.assert(
      fc.property(fc.tuple(rules, rules), facts, (all, f) => {
        const decision = mustLoad(files(all)).decide(f);
        if (decision.kind !== "decided") return;
        for (const e of decision.entitlements)
          expect([e.tenant, "domain" in e.scope && e.scope.domain]).toEqual([f.tenant, f.tenant]);
        if (!f.upstream.startsWith(f.tenant)) expect(decision.entitlements).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it("no claims, however strange, make deciding throw or give a right by accident", () => {
    const policy = mustLoad(examples);
    const clean = (c: object) => !json(c)?.match(/developers|platform|auditors/);
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("groups", "_claim_names", "hasgroups", "__proto__", "x"), fc.jsonValue()),
        (claims) => {
          const decision = policy.decide(login(claims, { tenant: "customer-a", upstream: "customer-a-idp" }));
          if (decision.kind === "decided" && clean(claims)) expect(decision.entitlements).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("minted names", () => {
  const slug = fc.stringMatching(/^[a-z]([a-z0-9-]{0,46}[a-z0-9])?$/);
  const nasty = fc.oneof(
    slug,
    fc.constantFrom("name", "rename", "nname", "my-name", "a".repeat(48), `${"a".repeat(44)}name`),
  );
  it("fit Keystone: at most 64 characters of a-z 0-9 . -, never with name in them, and stable", () => {
    fc.assert(
      fc.property(nasty, nasty, (t, s) => {
        const name = mintName(t as TenantName, s);
        expect(name).toMatch(/^cp\.[a-z0-9.-]{1,61}$/);
        expect(name).not.toContain("name");
        expect(mintName(t as TenantName, s)).toBe(name);
      }),
    );
    expect(mintName("acme" as TenantName, "dev")).toBe("cp.acme.dev");
    expect(mintName("acme" as TenantName, "rename")).toMatch(/^cp\.acme\.renme\.[0-9a-f]{10}$/);
  });

  it("differ for different pairs, and a collision would be found", () => {
    fc.assert(
      fc.property(nasty, nasty, nasty, nasty, (t1, s1, t2, s2) => {
        const same = mintName(t1 as TenantName, s1) === mintName(t2 as TenantName, s2);
        expect(same).toBe(t1 === t2 && s1 === s2);
      }),
    );
    const pairs = [
      { tenant: "a" as TenantName, set: "x" },
      { tenant: "b" as TenantName, set: "x" },
      { tenant: "b" as TenantName, set: "x" },
    ];
    expect(collisions(pairs)).toEqual([]);
    expect(collisions(pairs, (_, set) => mintName("z" as TenantName, set))).toHaveLength(2);
  });
});
