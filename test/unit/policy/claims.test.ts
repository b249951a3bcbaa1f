import { describe, expect, it } from "vitest";
import { parseEntitlement } from "../../../src/policy/evaluate/entitlement-urn.ts";
import { explain } from "../../../src/policy/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { acme, login, mustFail, mustLoad, said, targets } from "./kit.ts";

const declared = `upstreams:
  acme-idp:
    claims:
      groups: {type: list, of: uuid}
      department: {type: text}
      staff: {type: boolean}
      email: {type: text, of: email}
      email_verified: {type: boolean}
      mail_two: {type: text, of: email}
      affiliation: {type: list, of: affiliation}
      scoped: {type: list, of: scoped-affiliation}
      eduperson_entitlement: {type: list, of: entitlement}
`;
const sets = "sets:\n  dev: [{openstack: {role: member, on: {project: dev}}}]\n";
const withPeople = (people: string, more = "", types = declared) => [
  { file: "targets.yaml", text: targets + types },
  ...acme(
    `${sets}people:\n  who: {from: acme-idp, ${people}}\ngrants:\n  - {id: g, give: dev, to: who, at: [gx1]${more}}\n`,
  ).slice(1),
];
const saying = (files: readonly { file: string; text: string }[]) => mustFail(files).map(formatProblem).join("\n");
const right = ["gx1 project acme/dev member"];

describe("declared claims", () => {
  it.each([
    [
      "a claim that is not sent",
      "all: [{grops: {has: x}}]",
      /acme\.yaml:6:\d+: people\.who\.all\[0\]\.grops: acme-idp sends no claim "grops"[\s\S]*"groups"/,
    ],
    ["a name where ids are sent", "all: [{groups: {has: developers}}]", /it holds UUIDs, and this is not one/],
    [
      "one value of a list",
      "all: [{groups: {equals: 3f0c77aa-0000-4000-8000-000000000000}}]",
      /a list, which never equals one value/,
    ],
    ["text compared with true", "all: [{department: {equals: true}}]", /it is text, and never true or false/],
    ["truth compared with text", "all: [{staff: {has: yes}}]", /it is true or false/],
    ["an address that is none", "all: [{email: {equals: nobody, verified: true}}]", /holds e-mail addresses/],
    [
      "an address of another claim, unverified",
      "all: [{mail_two: {endsWith: '@a.example'}}]",
      /counts only when it is verified/,
    ],
    [
      "a claim of verification that is not sent",
      "all: [{mail_two: {endsWith: '@a.example', verified: true}}]",
      /sends no "mail_two_verified"/,
    ],
    [
      "a misspelt affiliation",
      "all: [{affiliation: {has: stuff}}]",
      /"stuff" is not an affiliation of eduPerson; did you mean "staff"/,
    ],
    ["a scoped affiliation without scope", "all: [{scoped: {has: staff}}]", /like staff@a\.example/],
    ["an entitlement that is none", "all: [{eduperson_entitlement: {has: 'urn:x:group'}}]", /holds entitlements/],
    [
      "an entitlement of a list of ids",
      "all: [{groups: {entitlement: {group: g, authority: a.example}}}]",
      /declared as uuid/,
    ],
  ])("%s is a problem", (_, people, pattern) => {
    expect(saying(withPeople(people))).toMatch(pattern);
  });

  it("claims of an identity provider that declares none may be called anything", () => {
    mustLoad(withPeople("all: [{anything: {has: x}}]", "", ""));
  });

  it("an address counts only verified, whatever its claim is called, where the rule says so", () => {
    const upn = (p: string) => withPeople(`all: [{upn: {${p}}}]`, "", "");
    const ruled = (p: string) =>
      upn(p).map(({ file, text }) => ({
        file,
        text: text + (file === "acme.yaml" ? "rules: [{unverified-email: deny}]\n" : ""),
      }));
    mustLoad(upn("endsWith: '@a.example'"));
    expect(saying(ruled("endsWith: '@a.example'"))).toMatch(
      /acme\.yaml:6.*people\.who\.all\[0\]\.upn: an e-mail address counts only/,
    );
    expect(saying(ruled("in: [b, p@a.example]"))).toContain("counts only when it is verified");
    mustLoad(ruled("endsWith: '@a.example', verified: true"));
    mustLoad(ruled("has: somebody"));
  });
});

describe("assurance", () => {
  const iap = (level: string) => `https://refeds.org/assurance/IAP/${level}`;
  const policy = mustLoad(withPeople("everyone: true", `, require: {assurance: ["${iap("medium")}"]}`, ""));
  it("is given only to a login that brings every value, and is unknown when the claim did not arrive whole", () => {
    const decide = (eduperson_assurance: unknown, more = {}) =>
      said(policy.decide(login({ eduperson_assurance, ...more })));
    expect(decide([iap("low"), iap("medium")])).toEqual(right);
    expect(decide(iap("medium"))).toEqual(right);
    expect(decide([iap("high")])).toEqual([]);
    expect(decide([`${iap("medium")}/x`])).toEqual([]);
    expect(decide(undefined)).toEqual([]);
    expect(decide(undefined, { _claim_names: { eduperson_assurance: "src1" } })).toBe("unknown");
    expect(explain(policy, login({})).unmatched[0]?.because).toBe(`requires the assurance ${iap("medium")}`);
  });

  it("a value that REFEDS does not know is a problem, one of another framework is not", () => {
    expect(saying(withPeople("everyone: true", `, require: {assurance: ["${iap("midium")}"]}`, ""))).toMatch(
      /acme\.yaml:8:\d+: grants\[0\]\.require\.assurance\[0\].*did you mean "https:\/\/refeds\.org\/assurance\/IAP\/medium"/,
    );
    mustLoad(withPeople("everyone: true", ", require: {assurance: ['https://aarc.example/policy/assam']}", ""));
  });
});

describe("entitlements (AARC-G069)", () => {
  it.each([
    ["urn:geant:a.example:group:project", { namespace: "urn:geant:a.example", group: ["project"] }],
    [
      "urn:geant:a.example:res:group:project:team:role=lead#idp.a.example",
      { namespace: "urn:geant:a.example:res", group: ["project", "team"], role: "lead", authority: "idp.a.example" },
    ],
    ["URN:GEANT:a.example:group:my%20group%3Aold", { namespace: "urn:geant:a.example", group: ["my group:old"] }],
    ["urn:geant:A%c3%84:group:g", { namespace: "urn:geant:A%c3%84", group: ["g"] }],
    ["urn:geant:group:group:group", { namespace: "urn:geant:group", group: ["group"] }],
  ])("%s is read", (urn, read) => {
    expect(parseEntitlement(urn)).toEqual(read);
  });

  it.each([
    "urn:geant:group:project",
    "urn:geant:a.example:group",
    "urn:geant:a.example:group:",
    "urn:geant:a.example:group::team",
    "urn:geant:a.example:group:role=lead",
    "urn:geant:a.example:group:g:role=",
    "urn:geant:a.example:group:g:role=lead:team",
    "urn:geant:a.example:GROUP:g",
    "urn:geant:a.example:group:g#",
    "urn:geant:a.example:group:g#a#b",
    "urn:geant:a.example:group:g?+x#a",
    "urn:geant:a.example:group:a b",
    "urn:geant:a.example:group:%61dmins",
    "urn:geant:a.example:group:%0a",
    "urn:geant:a.example:group:%ff",
    "urn:geant:a.example:group:%4",
    "urn:-x:a.example:group:g",
    "uri:geant:a.example:group:g",
    " urn:geant:a.example:group:g",
    `urn:geant:a.example:group:${"g".repeat(3000)}`,
    "",
  ])("%j is none", (urn) => {
    expect(parseEntitlement(urn)).toBeUndefined();
  });

  const wants = (asked: string) => mustLoad(withPeople(`all: [{eduperson_entitlement: {entitlement: {${asked}}}}]`));
  const holds = (asked: string, ...held: string[]) =>
    said(wants(asked).decide(login({ eduperson_entitlement: held }))).length > 0;
  const base = "urn:geant:a.example:group:project";

  it("the group, the role and the authority must be those, and nothing is a prefix of another", () => {
    const plain = "namespace: 'urn:geant:a.example', group: project";
    expect(holds(plain, base)).toBe(true);
    expect(holds(plain, `${base}#idp.a.example`)).toBe(true);
    for (const other of [
      `${base}:team`,
      `${base}s`,
      `${base}:role=member`,
      "urn:geant:b.example:group:project",
      "urn:geant:a.example:sub:group:project",
      "urn:geant:a.example:group:Project",
    ])
      expect(holds(plain, other), other).toBe(false);
    const lead = "namespace: 'URN:Geant:a.example', group: 'project:team', role: lead, authority: idp.a.example";
    expect(holds(lead, `${base}:team:role=lead#idp.a.example`)).toBe(true);
    for (const other of [
      `${base}:team#idp.a.example`,
      `${base}:team:role=lead`,
      `${base}:team:role=lead#idp.b.example`,
      `${base}:team:role=leader#idp.a.example`,
    ])
      expect(holds(lead, other), other).toBe(false);
  });

  it("a role given by an authority is not made of two other entitlements", () => {
    expect(
      holds(
        "group: project, role: lead, authority: idp.a.example",
        `${base}:role=lead#idp.b.example`,
        `${base}#idp.a.example`,
      ),
    ).toBe(false);
  });

  it("somebody must be named who vouches", () => {
    expect(saying(withPeople("all: [{eduperson_entitlement: {entitlement: {group: g}}}]"))).toMatch(
      /one of "namespace" and "authority" expected/,
    );
  });
});
