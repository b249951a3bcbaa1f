import { describe, expect, it } from "vitest";
import { explain } from "../../../src/policy/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { acme, login, mustFail, mustLoad, said, targets } from "./kit.ts";

const types =
  "upstreams: {acme-idp: {claims: {groups: {type: list}, department: {type: text}, staff: {type: boolean}}}}\n";
const files = (cel: string, more = "", declared = types) => [
  { file: "targets.yaml", text: targets + declared },
  ...acme(`sets:
  dev: [{openstack: {role: member, on: {project: dev}}}]
people:
  who: {from: acme-idp, ${more}cel: ${JSON.stringify(cel)}}
grants:
  - {id: g, give: dev, to: who, at: [gx1]}
`).slice(1),
];
const gives = (cel: string, claims: object, more = "") => {
  const decision = said(mustLoad(files(cel, more)).decide(login({ ...claims })));
  return decision === "unknown" ? decision : decision.length > 0;
};
const saying = (cel: string, declared = types) =>
  mustFail(files(cel, "", declared))
    .map(formatProblem)
    .join("\n");

describe("conditions in CEL", () => {
  it.each([
    ['claims.groups.exists(g, g.startsWith("dev-"))', { groups: ["dev-a"] }, true],
    ['claims.groups.exists(g, g.startsWith("dev-"))', { groups: ["a"] }, false],
    ['claims.groups.exists(g, g.startsWith("dev-"))', { groups: "dev-a" }, true],
    ['claims.department in ["web", "data"] && claims.staff', { department: "web", staff: true }, true],
    ['claims.department in ["web", "data"] && claims.staff', { department: "web", staff: "true" }, false],
    ['claims.department == "web"', { department: ["web"] }, false],
    ["size(claims.groups) > 1", { groups: ["a", "b"] }, true],
    ["!has(claims.department)", {}, true],
    ['re2(claims.department, "^(web|data)-[0-9]+$")', { department: "web-12" }, true],
    ['re2(claims.department, "^(web|data)-[0-9]+$")', { department: "web-" }, false],
  ])("%s on %j", (cel, claims, given) => {
    expect(gives(cel, claims)).toBe(given);
  });

  it("an error is a no, also under a negation: nothing is given because a claim is absent", () => {
    expect(gives('claims.department != "web"', {})).toBe(false);
    expect(gives('!claims.groups.exists(g, g == "suspended")', {})).toBe(false);
    expect(gives('!claims.groups.exists(g, g == "suspended")', { groups: [] })).toBe(true);
  });

  it("a claim that did not arrive whole is unknown, unless another condition says no for certain", () => {
    const away = { _claim_names: { groups: "src1" }, department: "web" };
    expect(gives('!claims.groups.exists(g, g == "suspended")', away)).toBe("unknown");
    expect(gives("has(claims.department)", away)).toBe(true);
    expect(gives("size(claims.groups) == 0", away, "all: [{department: {has: data}}], ")).toBe(false);
  });

  it.each([
    [
      "an unknown claim",
      "claims.grups.size() > 0",
      /people\.who\.cel: not valid CEL: the claim "grups" is not declared; did you mean "groups"/,
    ],
    ["text and number", 'claims.department + 1 == "x"', /no such overload: string \+ int/],
    ["text instead of truth", "claims.department", /it is a string, where true or false is expected/],
    ["half an expression", "claims.staff &&", /not valid CEL/],
    ["all claims at once", "claims == claims", /a claim is read as "claims\.<name>"/],
    ["matches, which backtracks", 'claims.department.matches("a")', /"matches" is not among: /],
    ["a function that is not on the list", 'claims.department.split(",").size() > 1', /"split" is not among/],
    ["a pattern out of a claim", "re2(claims.department, claims.department)", /must be written out/],
    ["a pattern that is none", 're2(claims.department, "(")', /not a pattern of RE2/],
    ["a pattern that RE2 refuses", 're2(claims.department, "(a)\\\\1")', /not a pattern of RE2/],
    [
      "a walk inside a walk",
      "claims.groups.all(g, claims.groups.exists(h, g == h))",
      /"exists" stands inside another walk/,
    ],
    ["nesting without end", `${"(".repeat(100)}claims.staff${")".repeat(100)}`, /not valid CEL/],
    ["an expression too large", Array.from({ length: 60 }, () => "has(claims.a)").join("||"), /not valid CEL/],
  ])("%s is a problem with its line", (_, cel, pattern) => {
    expect(saying(cel)).toMatch(pattern);
    expect(saying(cel)).toMatch(/^acme\.yaml:6:\d+: /);
  });

  it("wants the claims of the identity provider declared", () => {
    expect(saying("claims.staff", "")).toMatch(
      /cel needs the claims of acme-idp to be declared[\s\S]*upstreams: \{acme-idp/,
    );
  });

  it("explain says that it cannot be judged ahead, and what failed", () => {
    const policy = mustLoad(files("claims.staff"));
    expect(explain(policy, login({ staff: false })).unmatched[0]?.because).toBe("cel: claims.staff: it does not hold");
    expect(policy.warnings(login({}).at).map((w) => w.message)).toContain(
      "cel is not statically analysable: no check covers it, only tests do",
    );
  });
});
