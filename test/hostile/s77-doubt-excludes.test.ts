import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acme, login, mustLoad, said, targets } from "../unit/policy/kit.ts";
import { type AtomDraft, atom, write } from "../unit/policy/random-policy.ts";

// S-77: somebody whom a policy excludes lets the exclusion be in doubt: by leaving a claim out, by an address that nobody
// verified, by another way of writing it. Where a condition excludes, doubt excludes; where it includes, it does not.

const declared = `upstreams: {acme-idp: {claims: {groups: {type: list}, mail: {type: text, of: email}, dep: {type: text}, left: {type: list, absent: empty},
  mail_verified: {type: boolean}, email: {type: text}, email_verified: {type: boolean}, staff: {type: boolean}}}}\n`;

const policyOf = (people: string, types = "") =>
  mustLoad([
    { file: "targets.yaml", text: targets + types },
    ...acme(
      `sets: {dev: [{openstack: {role: member, on: {project: dev}}}]}\npeople: {who: {from: acme-idp, ${people}}}\ngrants: [{id: g, give: dev, to: who, at: [gx1]}]\n`,
    ).slice(1),
  ]);

const isGiven = (policy: ReturnType<typeof policyOf>, claims: object) =>
  said(policy.decide(login({ ...claims }))).length === 1;

const everybodyBut = (condition: string) => policyOf(`all: [{groups: {has: devs}}], not: [${condition}]`);
const base = { groups: ["devs"] };

describe("S-77: an exclusion by address", () => {
  const byName = everybodyBut("{email: {equals: mallory@a.example, verified: true}}");
  const byDomain = everybodyBut('{email: {endsWith: "@a.example", verified: true}}');
  const byList = everybodyBut("{email: {in: [eve@a.example, mallory@a.example], verified: true}}");

  test("leaves everybody else their rights", () => {
    for (const email of ["bob@a.example", "mallory2@a.example", "mallory@b.example", "jörg.müller@a.example"])
      expect(isGiven(byName, { ...base, email, email_verified: true }), email).toBe(true);
    for (const email of ["bob@b.example", "bob@sub.a.example", "bob@xa.example"])
      expect(isGiven(byDomain, { ...base, email, email_verified: true }), email).toBe(true);
  });

  const verified = true;
  test.each<[string, object]>([
    ["in plain words", { email: "mallory@a.example", email_verified: verified }],
    ["not verified", { email: "mallory@a.example", email_verified: false }],
    ["another address that nobody verified", { email: "bob@b.example", email_verified: false }],
    ["verified by a text", { email: "bob@b.example", email_verified: "true" }],
    ["verified by nobody", { email: "bob@b.example" }],
    ["no address", { email_verified: verified }],
    ["null", { email: null, email_verified: verified }],
    ["quoted", { email: '"mallory"@a.example', email_verified: verified }],
    ["quoted with escapes", { email: '"m\\allory"@a.example', email_verified: verified }],
    ["with a comment", { email: "mallory(me)@a.example", email_verified: verified }],
    ["with blanks", { email: " mallory@a.example ", email_verified: verified }],
    ["in capitals", { email: "Mallory@A.EXAMPLE", email_verified: verified }],
    ["full width", { email: "ｍallory@a．example", email_verified: verified }],
    ["with an invisible sign", { email: "mal\u200blory@a.example", email_verified: verified }],
    ["with the root's dot", { email: "mallory@a.example.", email_verified: verified }],
    ["two signs", { email: '"mallory@b.example"@a.example', email_verified: verified }],
    ["in a list", { email: ["mallory@a.example"], email_verified: verified }],
    ["among others", { email: ["bob@b.example", "mallory@a.example"], email_verified: verified }],
    ["an object", { email: { value: "mallory@a.example" }, email_verified: verified }],
    ["a number", { email: 7, email_verified: verified }],
  ])("is not escaped by an address that is %s", (_, claims) => {
    for (const policy of [byName, byDomain, byList]) expect(isGiven(policy, { ...base, ...claims })).toBe(false);
  });

  test("is not escaped through cel either, and cel believes no unverified address", () => {
    const cel = (text: string) => policyOf(`cel: ${JSON.stringify(text)}`, declared);
    const outside = cel('!claims.email.endsWith("@a.example")');
    const inside = cel('claims.email.endsWith("@a.example")');
    expect(isGiven(outside, { email: "bob@b.example", email_verified: true })).toBe(true);
    expect(isGiven(inside, { email: "bob@a.example", email_verified: true })).toBe(true);
    for (const claims of [
      { email: "bob@b.example", email_verified: false },
      { email: '"x@b.example"@a.example ', email_verified: true },
      { email: "bob@a.example", email_verified: "true" },
    ])
      for (const policy of [outside, inside]) expect(isGiven(policy, claims)).toBe(false);
    const notSuspended = cel('!claims.groups.exists(g, g == "suspended") && !has(claims.staff)');
    expect(isGiven(notSuspended, { groups: ["devs"] })).toBe(true);
    for (const groups of [[["suspended"]], { 0: "suspended" }, [{ name: "suspended" }], ["devs", 7], 7])
      expect(isGiven(notSuspended, { groups })).toBe(false);
    expect(isGiven(notSuspended, { groups: ["devs"], staff: "yes" })).toBe(false);
  });
});

describe("S-77: an exclusion by anything else", () => {
  test.each<[string, string, object, object]>([
    ["a group, by an object", "{groups: {has: out}}", { groups: ["devs"] }, { groups: ["devs", { name: "out" }] }],
    ["a group, by a list in the list", "{groups: {has: out}}", { groups: ["devs"] }, { groups: ["devs", ["out"]] }],
    ["a group, by a blank", "{groups: {has: out}}", { groups: ["devs", "outer"] }, { groups: ["devs", "out\u00a0"] }],
    ["a text, by a list", "{dep: {equals: sales}}", { dep: "web" }, { dep: ["sales"] }],
    ["a text, by its absence", "{dep: {equals: sales}}", { dep: "web" }, {}],
    ["a truth, by a text", "{ext: {equals: true}}", { ext: false }, { ext: "true" }],
    ["a truth, by a list", "{ext: {equals: true}}", { ext: false }, { ext: [true] }],
    ["an ending, by the ending alone", "{dep: {endsWith: -ext}}", { dep: "web" }, { dep: "-ext" }],
    [
      "an entitlement, by a role in the group",
      "{ent: {entitlement: {namespace: urn:geant:a.example, group: out}}}",
      { ent: ["urn:geant:a.example:group:in"] },
      { ent: ["urn:geant:a.example:group:out:role=member"] },
    ],
    [
      "an entitlement, by needless encoding",
      "{ent: {entitlement: {namespace: urn:geant:a.example, group: out}}}",
      { ent: ["urn:mace:dir:entitlement:common-lib-terms"] },
      { ent: ["urn:geant:a.example:group:%6fut"] },
    ],
  ])("of %s is not escaped", (_, condition, other, attack) => {
    const policy = policyOf(`all: [{id: {has: x}}], not: [${condition}]`);
    expect(isGiven(policy, { id: "x", ...other })).toBe(true);
    expect(isGiven(policy, { id: "x", ...attack })).toBe(false);
  });

  test("an absent claim counts as empty only where the operator has said that its provider leaves it out then", () => {
    const policy = policyOf("all: [{groups: {has: devs}}], not: [{left: {has: out}}]", declared);
    expect(isGiven(policy, { groups: ["devs"] })).toBe(true);
    expect(isGiven(policy, { groups: ["devs"], left: ["out"] })).toBe(false);
    expect(isGiven(policy, { groups: ["devs"], left: 7 })).toBe(false);
  });
});

/** What can be done to a claim so that less is known of the person. */
const damage = fc.constantFrom<(claims: Record<string, unknown>, claim: string) => void>(
  (claims, claim) => delete claims[claim],
  (claims, claim) => Object.assign(claims, { [claim]: null }),
  (claims, claim) => Object.assign(claims, { [claim]: { value: claims[claim] } }),
  (claims, claim) => Object.assign(claims, { [claim]: [[claims[claim]]] }),
  (claims, claim) => Object.assign(claims, { [claim]: [claims[claim], 7].flat() }),
  (claims, claim) => Object.assign(claims, { [claim]: 7 }),
  (claims, claim) => Object.assign(claims, { _claim_names: { [claim]: "elsewhere" } }),
);

describe("S-77: whatever a person makes unknown", () => {
  const some = fc.array(atom, { minLength: 1, maxLength: 3 });
  const text = fc.constantFrom("a", "b", "c", "xa");
  const people = fc.record({ groups: fc.oneof(text, fc.array(text, { maxLength: 3 })), dep: text, mail: text });
  const cels = fc.constantFrom(
    undefined,
    '!claims.groups.exists(g, g == "a")',
    'claims.dep != "a"',
    '!(claims.dep in ["a", "b"]) || claims.groups.all(g, g.startsWith("x"))',
    "size(claims.groups) < 2",
    '!(claims.dep == "a" && claims.groups.exists_one(g, g == "b"))',
  );
  const types = "upstreams: {acme-idp: {claims: {groups: {type: list}, dep: {type: text}, mail: {type: text}}}}\n";
  const make = (not: readonly AtomDraft[], cel: string | undefined) => {
    const typed = not.filter((a) => a.claim !== "groups" || a["equals"] === undefined).map(write);
    const excluded = typed.length === 0 ? "" : `, not: [${typed.join(", ")}]`;
    return cel === undefined
      ? policyOf(`everyone: true${excluded}`)
      : policyOf(`cel: ${JSON.stringify(cel)}${excluded}`, types);
  };

  test("never gives them a right that they have not when all is known", () => {
    let [lost, given] = [0, 0];
    const claim = fc.constantFrom("groups", "dep", "mail");
    const logins = fc.array(fc.tuple(people, claim, damage), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(some, cels, logins, (not, cel, all) => {
        const policy = make(not, cel);
        for (const [claims, which, harm] of all) {
          const damaged: Record<string, unknown> = { ...claims };
          harm(damaged, which);
          const before = isGiven(policy, claims);
          const decision = policy.decide(login(damaged));
          const after = decision.kind === "decided" && decision.entitlements.length > 0;
          expect(after && !before, JSON.stringify(damaged)).toBe(false);
          if (before) given++;
          if (before && !after) lost++;
        }
      }),
      { numRuns: 150, seed: 77 },
    );
    // Otherwise nothing was proved.
    expect([lost > 50, given > 100]).toEqual([true, true]);
  });
});
