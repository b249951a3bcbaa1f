import { describe, expect, it } from "vitest";
import { explain, formatExplanation } from "../../../src/policy/index.ts";
import { acme, login, mustFail, mustLoad, target, targets } from "./kit.ts";

// Why a grant is not given: one condition, named, and what is the matter with it. Who looks for a missing right reads this.

const declared = `upstreams:
  acme-idp:
    claims:
      groups: {type: list}
      dep: {type: text}
      staff: {type: boolean}
      email: {type: text}
      email_verified: {type: boolean}
      mail: {type: text, of: email}
      mail_verified: {type: boolean}
      id: {type: text, of: uuid}
      ids: {type: list, of: uuid}
      kind: {type: list, of: affiliation}
      scoped: {type: text, of: scoped-affiliation}
      ent: {type: list, of: entitlement}
      level: {type: list, of: assurance}
`;
const files = (people: string, types: string, grant = "") => [
  { file: "targets.yaml", text: targets + types },
  ...acme(`sets: {dev: [{openstack: {role: member, on: {project: dev}}}]}
people:
  who: {from: acme-idp, ${people}}
grants: [{id: g, give: dev, to: who, at: [gx1]${grant}}]
`).slice(1),
];
const because = (people: string, claims: object, types = "") => {
  const { decision, matched, unmatched } = explain(mustLoad(files(people, types)), login({ ...claims }));
  if (decision.kind === "unknown") return decision.because;
  return matched.length > 0 ? "given" : unmatched[0]?.because;
};

describe("a grant is not given since", () => {
  it.each<[string, object, string]>([
    ["all: [{dep: {has: x}}]", {}, 'dep has "x": the claim is absent'],
    ["all: [{dep: {has: x}}]", { dep: "y" }, 'dep has "x": it does not'],
    ["all: [{dep: {equals: x}}]", { dep: "y" }, 'dep is "x": it does not'],
    ["all: [{dep: {equals: x}}]", { dep: ["x"] }, 'dep is "x": the claim is a list'],
    ["all: [{dep: {has: x}}]", { dep: ["y"] }, 'dep has "x": it does not'],
    ["all: [{staff: {equals: true}}]", { staff: false }, "staff is true: it does not"],
    ["all: [{dep: {endsWith: x}}]", { dep: "x" }, 'dep ends with "x": it does not'],
    ["all: [{dep: {in: [a, b]}}]", { dep: "x" }, 'dep has one of "a", "b": it does not'],
    ["all: [{dep: {in: [a, b, c, d, e]}}]", {}, 'dep has one of "a", "b", "c", "d", "e": the claim is absent'],
    ["all: [{dep: {in: [a, b, c, d, e, f]}}]", {}, 'dep has one of "a", "b", "c", "d", "e", …: the claim is absent'],
    [
      "all: [{mail: {has: a@b.example, verified: true}}]",
      { mail: "a@b.example" },
      'mail has "a@b.example", verified: mail_verified is not true',
    ],
    [
      "all: [{mail: {equals: a@b.example, verified: true}}]",
      { mail: "c@b.example", mail_verified: true },
      'mail is "a@b.example", verified: it does not',
    ],
    [
      'all: [{mail: {endsWith: "@b.example", verified: true}}]',
      { mail: "x", mail_verified: ["true"] },
      'mail ends with "@b.example", verified: mail_verified is not true',
    ],
    ["all: [{dep: {has: x}}, {groups: {has: y}}]", { dep: "x" }, 'groups has "y": the claim is absent'],
    [
      "any: [{dep: {has: x}}, {groups: {has: y}}]",
      { dep: "z" },
      'none of: dep has "x": it does not; groups has "y": the claim is absent',
    ],
    ["all: [{dep: {has: x}}], not: [{groups: {has: y}}]", { dep: "x", groups: ["y"] }, 'excluded: groups has "y"'],
    [
      "all: [{dep: {has: x}}], not: [{groups: {has: y}}]",
      { dep: "x" },
      'excluded, since it cannot be ruled out: groups has "y": the claim is absent',
    ],
    [
      "all: [{dep: {has: x}}], not: [{groups: {has: y}}]",
      { dep: "x", groups: [1] },
      'excluded, since it cannot be ruled out: groups has "y": the claim is not of the form that the condition expects',
    ],
    [
      "all: [{dep: {has: x}}], not: [{staff: {equals: true}}]",
      { dep: "x", staff: "no" },
      "excluded, since it cannot be ruled out: staff is true: the claim is not of the form that the condition expects",
    ],
    [
      "all: [{dep: {has: x}}], not: [{groups: {has: y}}]",
      { dep: "x", groups: ["Y"] },
      'excluded, since it cannot be ruled out: groups has "y": the claim resembles it',
    ],
    [
      "all: [{dep: {has: x}}], not: [{mail: {equals: a@b.example, verified: true}}]",
      { dep: "x", mail: "c@d.example" },
      'excluded, since it cannot be ruled out: mail is "a@b.example", verified: mail_verified is not true',
    ],
    ["all: [{dep: {has: x}}], not: [{groups: {has: y}}]", { dep: "x", groups: [] }, "given"],
    ["all: [{dep: {has: x}}], not: [{staff: {equals: true}}]", { dep: "x", staff: false }, "given"],
    [
      "all: [{groups: {has: y}}]",
      { _claim_names: { groups: "s" } },
      'the claim "groups" did not arrive whole, and grant g depends on it',
    ],
    [
      "any: [{dep: {has: x}}, {groups: {has: y}}]",
      { dep: "z", _claim_names: { groups: "s" } },
      'the claim "groups" did not arrive whole, and grant g depends on it',
    ],
    ["any: [{dep: {has: x}}, {groups: {has: y}}]", { dep: "x", _claim_names: { groups: "s" } }, "given"],
    [
      "all: [{dep: {has: x}}], not: [{groups: {has: y}}]",
      { dep: "x", _claim_names: { groups: "s" } },
      'the claim "groups" did not arrive whole, and grant g depends on it',
    ],
    [
      "all: [{dep: {has: x}}], not: [{groups: {has: y}}]",
      { dep: "z", _claim_names: { groups: "s" } },
      'dep has "x": it does not',
    ],
  ])("people by {%s}, claims %j", (people, claims, reason) => {
    expect(because(people, claims)).toBe(reason);
  });

  it.each<[string, object, string]>([
    ["claims.staff", { staff: false }, "cel: claims.staff: it does not hold"],
    [
      "size(claims.groups) == 0",
      { _claim_names: { groups: "s" } },
      "a claim that cel reads did not arrive whole, and grant g depends on it",
    ],
    ['claims.mail == "a@b.example"', { mail: "a@b.example" }, 'cel: claims.mail == "a@b.example": it does not hold'],
    ['claims.mail == "a@b.example"', { mail: "a@b.example", mail_verified: true }, "given"],
    [
      'claims.email != "a@b.example"',
      { email: '"c"@b.example', email_verified: true },
      'cel: claims.email != "a@b.example": it does not hold',
    ],
    ['claims.dep != "x"', { dep: ["y"] }, 'cel: claims.dep != "x": it does not hold'],
    ['claims.dep != "x"', { dep: 1 }, 'cel: claims.dep != "x": it does not hold'],
    ["!claims.staff", { staff: "no" }, "cel: !claims.staff: it does not hold"],
    ["!claims.staff", { staff: false }, "given"],
    ["size(claims.groups) == 1", { groups: "a" }, "given"],
    ["size(claims.groups) == 1", { groups: ["a", 1] }, "cel: size(claims.groups) == 1: it does not hold"],
  ])("cel {%s}, claims %j", (cel, claims, reason) => {
    expect(because(`cel: ${JSON.stringify(cel)}`, claims, declared)).toBe(reason);
  });
});

describe("an explanation", () => {
  it("of one target names its grants only, and says whose identity provider another grant is for", () => {
    const policy = mustLoad(
      acme(`sets:
  dev: [{openstack: {role: member, on: {project: dev}}}, {kubernetes: {role: edit, in: tenant-namespaces}}]
people:
  a: {from: acme-idp, everyone: true}
  b: {from: acme-two, everyone: true}
grants:
  - {id: both, give: dev, to: a, at: [gx1, prod1], valid: {until: 2027-01-01}}
  - {id: cloud, give: dev, to: a, at: [gx1]}
  - {id: two, give: dev, to: b, at: [prod1]}
`),
    );
    const all = explain(policy, login({}));
    expect(all.matched.map(({ grant, matched }) => [grant, matched])).toEqual([
      ["both", true],
      ["cloud", true],
    ]);
    expect(all.unmatched).toEqual([
      {
        grant: "two",
        set: "dev",
        source: { file: "acme.yaml", line: 11 },
        matched: false,
        because: "only for logins through acme-two",
      },
    ]);
    expect([...all.roles].map(([name, roles]) => [name, roles.length])).toEqual([
      ["gx1", 2],
      ["prod1", 1],
    ]);
    const cluster = explain(policy, login({}), target("prod1"));
    expect([cluster.matched, cluster.unmatched].map((traces) => traces.map(({ grant }) => grant))).toEqual([
      ["both"],
      ["two"],
    ]);
    expect(formatExplanation(cluster).split("\n")).toEqual([
      'tenant "acme" through "acme-idp", browser login of "cloudpass", 2026-09-21T14:13:20Z',
      "prod1:",
      "  namespace acme-dev edit  (grant both, acme.yaml:9; group cp.acme.dev)",
      "yes both gives dev until 2027-01-01T00:00:00Z  (acme.yaml:9)",
      "no  two would give dev: only for logins through acme-two  (acme.yaml:11)",
    ]);
    expect(formatExplanation(cluster, ({ line }) => `line ${line}`)).toContain("(line 11)");
  });

  it("of a login that is decided by nothing says what stands in the way as a whole", () => {
    const policy = mustLoad(files("all: [{groups: {has: y}}]", ""));
    const lines = (claims: object, more = {}) =>
      formatExplanation(explain(policy, login({ ...claims }, more)))
        .split("\n")
        .slice(1);
    expect(lines({})).toEqual([
      "no rights",
      'no  g would give dev: groups has "y": the claim is absent  (acme.yaml:6)',
    ]);
    expect(lines({ _claim_names: { groups: "s" } })[0]).toBe(
      'cannot be decided: the claim "groups" did not arrive whole, and grant g depends on it',
    );
    expect(lines({}, { tenant: "nobody" })).toEqual(['nothing: no tenant is called "nobody"']);
    expect(lines({}, { identityProvider: "x" })[0]).toMatch(
      /^nothing: "x" is not an identity provider of acme \(targets\.yaml:8\)/,
    );
  });
});

describe("a condition on a declared claim", () => {
  const told = (condition: string) =>
    mustFail(files(`all: [${condition}]`, declared)).map(({ path }) => path.replace("people.who.all[0].", ""));
  it.each<[string, string]>([
    ["{grups: {has: x}}", "grups"],
    ["{dep: {has: x, verified: true}}", "dep"],
    ["{groups: {equals: x}}", "groups"],
    ["{groups: {equals: true}}", "groups"],
    ["{dep: {equals: false}}", "dep"],
    ["{staff: {has: x}}", "staff"],
    ["{staff: {endsWith: x}}", "staff"],
    ["{id: {has: x}}", "id.has"],
    ["{id: {equals: 3f0c77aa-0000-4000-8000-00000000000}}", "id.equals"],
    ["{ids: {in: [3f0c77aa-0000-4000-8000-000000000000, x]}}", "ids.in[1]"],
    ["{ids: {entitlement: {group: g, authority: a}}}", "ids"],
    ["{mail: {has: 'a b@c.example', verified: true}}", "mail.has"],
    ["{mail: {has: a@b@c.example, verified: true}}", "mail.has"],
    ["{kind: {in: [staff, stuff]}}", "kind.in[1]"],
    ["{scoped: {equals: staff}}", "scoped.equals"],
    ["{scoped: {equals: staff@}}", "scoped.equals"],
    ["{scoped: {equals: staff@a.example@b.example}}", "scoped.equals"],
    ["{scoped: {equals: stuff@a.example}}", "scoped.equals"],
    ["{ent: {has: 'urn:geant:a.example:g'}}", "ent.has"],
    ["{level: {has: 'https://refeds.org/assurance/IAP/no'}}", "level.has"],
    ["{level: {has: 'https://refeds.org/assurance/ID/no'}}", "level.has"],
  ])("%s is refused at %s", (condition, path) => {
    expect(told(condition)).toEqual([path]);
  });

  it.each([
    "{dep: {equals: x}}",
    "{dep: {endsWith: x}}",
    "{staff: {equals: false}}",
    "{groups: {has: x}}",
    "{groups: {entitlement: {group: g, authority: a.example}}}",
    "{id: {has: 3F0C77AA-0000-4000-8000-000000000000}}",
    "{ids: {in: [3f0c77aa-0000-4000-8000-000000000000]}}",
    "{id: {endsWith: x0}}",
    "{mail: {has: a@b.example, verified: true}}",
    "{kind: {in: [faculty, student, staff, alum, member, affiliate, employee, library-walk-in]}}",
    "{scoped: {equals: alum@a.example}}",
    "{ent: {has: 'urn:geant:a.example:group:g'}}",
    "{ent: {entitlement: {group: g, authority: a.example}}}",
    "{level: {in: [https://refeds.org/assurance, https://refeds.org/assurance/version/2, https://other.example/x]}}",
    "{level: {in: [https://refeds.org/assurance/ID/unique, https://refeds.org/assurance/ID/eppn-unique-no-reassign, https://refeds.org/assurance/ID/eppn-unique-reassign-1y]}}",
    "{level: {in: [https://refeds.org/assurance/IAP/low, https://refeds.org/assurance/IAP/medium, https://refeds.org/assurance/IAP/high, https://refeds.org/assurance/IAP/local-enterprise]}}",
    "{level: {in: [https://refeds.org/assurance/ATP/ePA-1d, https://refeds.org/assurance/ATP/ePA-1m, https://refeds.org/assurance/profile/cappuccino, https://refeds.org/assurance/profile/espresso]}}",
  ])("%s is accepted", (condition) => {
    expect(mustLoad(files(`all: [${condition}]`, declared)).rules.size).toBe(1);
  });
});
