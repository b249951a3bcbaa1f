import fc from "fast-check";
import { formatEntitlement, instant } from "../../../src/core/index.ts";
import type { Grant, LoginFacts, Policy } from "../../../src/policy/index.ts";
import { login } from "./kit.ts";

/** The tenants of random policies. */
export const tenants = ["t-one", "t-two"];
const values = ["a", "b", "c"];
const claimNames = ["groups", "dep", "mail"];
const json = JSON.stringify;

/** A condition drawn at random. */
export const atom = fc.oneof(
  fc.record({ claim: fc.constantFrom(...claimNames), has: fc.constantFrom(...values) }),
  fc.record({
    claim: fc.constantFrom(...claimNames),
    in: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }),
  }),
  fc.record({ claim: fc.constantFrom(...claimNames), equals: fc.constantFrom(...values) }),
  fc.record({ claim: fc.constantFrom(...claimNames), endsWith: fc.constantFrom(...values) }),
);
/** A condition before it is written. */
export type AtomDraft = { claim: string } & Record<string, unknown>;
/** A condition as a policy writes it. */
export const write = ({ claim, ...test }: AtomDraft) => json({ [claim]: test });

/** Every value that the conditions above can tell apart: each text alone, and every list of them. */
const texts = [...values, ...values.map((v) => `x${v}`)];
const everyValue: unknown[] = [
  undefined,
  ...texts,
  ...Array.from({ length: 2 ** texts.length }, (_, bits) => texts.filter((_text, i) => (bits >> i) % 2 === 1)),
];

/** One condition on one value, as plainly as possible. */
function holds(test: AtomDraft, value: unknown): boolean {
  const list = (Array.isArray(value) ? value : [value]).filter((x) => typeof x === "string");
  if (test["equals"] !== undefined) return value === test["equals"];
  if (test["endsWith"] !== undefined) return list.some((x) => x.length > 1 && x.endsWith(String(test["endsWith"])));
  const wanted = test["in"] ?? [test["has"]];
  return list.some((x) => Array.isArray(wanted) && wanted.includes(x));
}

/** The same under `not`: what is not certainly another excludes (S-77). */
function excludes(test: AtomDraft, value: unknown): boolean {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((x) => typeof x === "string")) return true;
  if (test["endsWith"] !== undefined) return list.some((x) => x.endsWith(String(test["endsWith"])));
  const wanted = test["in"] ?? [test["has"] ?? test["equals"]];
  return list.some((x) => Array.isArray(wanted) && wanted.includes(x));
}

type PeopleDraft = { all: AtomDraft[]; any: AtomDraft[]; not: AtomDraft[] };

const tried = new Map<string, readonly boolean[]>();

/** A condition on every value, in their order; tried once. */
function truths(test: AtomDraft, by: typeof holds): readonly boolean[] {
  const key = `${by.name} ${JSON.stringify(test)}`;
  const found = tried.get(key) ?? everyValue.map((value) => by(test, value));
  tried.set(key, found);
  return found;
}

/** True when somebody could be among the people, by trying every value of every claim. */
export function anybody({ all, any, not }: PeopleDraft): boolean {
  const alternatives = any.length > 0 ? any.map((a) => [...all, a]) : [all];
  return alternatives.some((wanted) =>
    claimNames.every((claim) => {
      const mine = (tests: AtomDraft[], by: typeof holds) =>
        tests.filter((test) => test.claim === claim).map((test) => truths(test, by));
      const [must, mustNot] = [mine(wanted, holds), mine(not, excludes)];
      return everyValue.some((_, i) => must.every((truth) => truth[i]) && !mustNot.some((truth) => truth[i]));
    }),
  );
}

const people = fc
  .record({
    from: fc.constantFrom("idp", "two"),
    all: fc.array(atom, { maxLength: 1 }),
    any: fc.array(atom, { maxLength: 3 }),
    not: fc.array(atom, { maxLength: 1 }),
  })
  // A policy that gives a right to nobody is refused.
  .filter(anybody);
const grant = fc.record({
  give: fc.constantFrom("low", "high"),
  to: fc.nat(2),
  at: fc.constantFrom(["gx1"], ["gx1", "gx2"], ["gx2"]),
  from: fc.option(fc.integer({ min: 2001, max: 2030 }), { nil: undefined, freq: 2 }),
  amr: fc.option(fc.constantFrom("mfa"), { nil: undefined, freq: 2 }),
});
/** The rules of one tenant, drawn at random. */
export const rules = fc.record({
  people: fc.array(people, { minLength: 3, maxLength: 3 }),
  grants: fc.array(grant, { minLength: 2, maxLength: 6 }),
});
export type Rules = typeof rules extends fc.Arbitrary<infer T> ? T : never;

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
/** Policy files of the first tenants. */
export const files = (all: readonly Rules[]) => [
  { file: "targets.yaml", text: targets },
  ...all.map((r, i) => ({ file: `${tenants[i]}.yaml`, text: writeTenant(tenants[i] ?? "", r) })),
];

const claim = fc.oneof(
  fc.constantFrom<unknown>(...values, "xa", "overage", null, 1, true, {}, []),
  fc.array(fc.constantFrom<unknown>(...values, "xa", 7, null), { maxLength: 4 }),
);
/** A login, of one of the tenants or where it does not belong. */
export const facts = fc
  .record({
    tenant: fc.constantFrom(...tenants),
    foreign: fc.constantFrom(false, false, false, true),
    identityProvider: fc.constantFrom("idp", "idp", "two"),
    claims: fc.record(
      { groups: claim, dep: claim, mail: claim, _claim_names: fc.constantFrom({ dep: "x" }, {}, {}, 1) },
      { requiredKeys: ["groups"] },
    ),
    amr: fc.constantFrom([], ["mfa"]),
    loginMethod: fc.constantFrom("device", "browser"),
    at: fc.integer({ min: 2000, max: 2036 }).map((y) => instant(Date.parse(`${y}-06-01T00:00:00Z`) / 1000)),
  })
  .map(({ foreign, identityProvider: upstream, ...f }) => {
    const owner = tenants.find((t) => (t === f.tenant) !== foreign);
    return login(f.claims, { ...f, identityProvider: `${owner}-${upstream}` });
  });

type Verdict = "yes" | "no" | "unknown";
const and = (all: Verdict[]): Verdict => (all.includes("no") ? "no" : all.includes("unknown") ? "unknown" : "yes");
const or = (all: Verdict[]): Verdict => (all.includes("yes") ? "yes" : all.includes("unknown") ? "unknown" : "no");

/** The meaning of a policy, written down a second time and as plainly as possible: every grant, one after the other. */
export function naive(policy: Policy, f: LoginFacts, at?: string): string[] | "unknown" {
  if (!policy.tenants.get(f.tenant)?.identityProviders.some((u) => u === f.identityProvider)) return [];
  const claims = f.claims as Record<string, unknown>;
  const away = claims["_claim_names"];
  type Atom = Grant["people"]["all"][number];
  const isAway = ({ claim }: Atom) =>
    (away !== null && typeof away === "object" && claim in away) || (claim === "groups" && claims[claim] === "overage");
  const passes = (a: Atom): Verdict => {
    if (isAway(a)) return "unknown";
    const test = a.test === "endsWith" ? { endsWith: a.values[0] } : { in: a.values };
    return excludes({ claim: a.claim, ...test }, claims[a.claim]) ? "no" : "yes";
  };
  const one = (a: Atom): Verdict => {
    const v = claims[a.claim];
    if (isAway(a)) return "unknown";
    const list = (Array.isArray(v) ? v : [v]).filter((x) => typeof x === "string");
    if (a.test === "equals") return typeof v === "string" && a.values.includes(v) ? "yes" : "no";
    if (a.test === "in") return list.some((x) => a.values.includes(x)) ? "yes" : "no";
    return list.some((x) => x.length > String(a.values[0]).length && x.endsWith(String(a.values[0]))) ? "yes" : "no";
  };
  const rights: string[] = [];
  let unknown = false;
  for (const g of policy.rules.get(f.tenant)?.grants ?? []) {
    const conditions: boolean[] = [
      g.people.from === f.identityProvider,
      at === undefined || g.at.some((t) => t === at),
      g.from === undefined || f.at >= g.from,
      g.until === undefined || f.at < g.until,
      g.amr.every((m) => f.amr.includes(m)),
      !(g.set.name === "high" && f.loginMethod === "device"),
    ];
    const p = g.people;
    const verdict = and([
      ...conditions.map((c): Verdict => (c ? "yes" : "no")),
      ...p.all.map(one),
      ...(p.any.length > 0 ? [or(p.any.map(one))] : []),
      ...p.not.map(passes),
    ]);
    if (verdict === "unknown") unknown = true;
    if (verdict === "yes")
      for (const [t, es] of g.entitlements) if (at === undefined || t === at) rights.push(...es.map(formatEntitlement));
  }
  return unknown ? "unknown" : [...new Set(rights)].sort();
}
