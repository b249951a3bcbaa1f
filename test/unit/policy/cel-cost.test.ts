import { describe, expect, test } from "vitest";
import { formatProblem } from "../../../src/yaml/index.ts";
import { acme, login, mustFail, mustLoad, said, targets } from "./kit.ts";

// S-78 by the form of an expression, without a clock: what is done for each element of a list costs no more than the element.

const types =
  "upstreams: {acme-idp: {claims: {groups: {type: list}, roles: {type: list}, department: {type: text}, staff: {type: boolean}}}}\n";
const files = (cel: string) => [
  { file: "targets.yaml", text: targets + types },
  ...acme(`sets:
  dev: [{openstack: {role: member, on: {project: dev}}}]
people:
  who: {from: acme-idp, cel: ${JSON.stringify(cel)}}
grants:
  - {id: g, give: dev, to: who, at: [gx1]}
`).slice(1),
];
const gives = (cel: string, claims: object) => {
  const decision = said(mustLoad(files(cel)).decide(login({ ...claims })));
  return decision === "unknown" ? decision : decision.length > 0;
};
const saying = (cel: string) => mustFail(files(cel)).map(formatProblem).join("\n");

describe("for each element of a list", () => {
  const walked = (condition: string) => [
    ...["all", "exists", "exists_one"].map((walk) => `claims.groups.${walk}(g, ${condition})`),
    `claims.groups.filter(g, ${condition}).size() > 0`,
    `claims.groups.map(g, ${condition}).size() > 0`,
    // Wherever the walk stands, and however deep the condition lies in it.
    `!claims.groups.all(g, g == "z" || !(${condition}))`,
    `claims.staff && claims.groups.exists(g, ${condition})`,
    `size(claims.groups.filter(g, ${condition})) > 1`,
    `(claims.groups.exists(g, ${condition}) ? 1 : 2) == 1`,
  ];
  const refused: [string, string, string][] = [
    ["no other list is walked through", "claims.roles.exists(r, r == g)", '"exists" stands inside another walk'],
    ["nor by a filter", "claims.roles.filter(r, r == g).size() > 0", '"filter" stands inside another walk'],
    ["nor by a walk that changes", "claims.roles.map(r, r).size() > 0", '"map" stands inside another walk'],
    ["nor by in", "g in claims.roles", '"in" walks through a list inside a walk'],
    ["nor by in with values that are made", "g in [g]", '"in" walks through a list inside a walk'],
    ["no text grows", 'g + "x" == "ax"', '"+" stands inside a walk'],
    ["no list is made", "[g].size() > 0", "a list or map is made inside a walk"],
    ["no map is made", '{"a": g}.size() > 0', "a list or map is made inside a walk"],
    ["no claim is compared that is a list", "claims.roles == claims.roles", "claims.roles is read as a whole"],
    ["no claim is measured", "size(claims.department) > 1", "claims.department is read as a whole"],
    ["no claim is measured, as a method", "claims.department.size() > 1", "claims.department is read as a whole"],
    ["no claim is searched", "claims.department.contains(g)", "claims.department is read as a whole"],
    ["no element is searched for a claim", "g.contains(claims.department)", "claims.department is read as a whole"],
    ["no claim meets a pattern", 're2(claims.department, "a+")', "claims.department is read as a whole"],
    ["nothing hides on one side of ==", "size(claims.department) == 3", "claims.department is read as a whole"],
    ["nor of !=", "3 != size(claims.department)", "claims.department is read as a whole"],
    ["nor in what starts a text", 'g.startsWith(g + "a")', '"+" stands inside a walk'],
    ["nor on the left of in", '(g + "a") in ["aa"]', '"+" stands inside a walk'],
    [
      "a list is no text to start with",
      "claims.roles.exists(r, r == g) == true",
      '"exists" stands inside another walk',
    ],
  ];

  test.each(refused)("%s", (_, condition, message) => {
    for (const cel of walked(condition)) {
      expect(saying(cel)).toContain(message);
    }
  });

  test.each<[string, string, object, boolean]>([
    ["it is compared with a text", 'g == "a"', {}, true],
    ["with a claim that is one value", "g == claims.department", { department: "a" }, true],
    ["with a claim that is another", "g != claims.department", { department: "a" }, false],
    ["with the start of a claim", "claims.department.startsWith(g)", { department: "ab" }, true],
    ["with the end of a claim", "claims.department.endsWith(g)", { department: "ba" }, true],
    ["a claim is the start of it", "g.startsWith(claims.department)", { department: "a" }, true],
    ["with texts that are written out", 'g in ["a", "b"]', {}, true],
    ["with a pattern", 're2(g, "^[ab]$")', {}, true],
    ["with its own length", "size(g) == 1", {}, true],
  ])("%s", (_, condition, claims, given) => {
    expect(gives(`claims.groups.exists(g, ${condition})`, { groups: ["a"], ...claims })).toBe(given);
  });
});

describe("outside of a walk", () => {
  test("everything may be done once", () => {
    const claims = { groups: ["a", "b"], roles: ["a"], department: "web", staff: true };
    for (const cel of [
      '"a" in claims.groups',
      "claims.groups.size() == 2 && size(claims.roles) == 1",
      'claims.department + "x" == "webx"',
      'claims.department.contains("e")',
      'claims.groups == ["a", "b"]',
      'claims.groups.exists(g, g == "a") && claims.roles.exists(r, r == "a")',
      '(claims.groups + ["c"]).exists(g, g == "c")',
      'claims.groups.filter(g, g == "a").exists(g, g == "a")',
    ]) {
      expect([cel, gives(cel, claims)]).toEqual([cel, true]);
    }
  });

  test("what is walked through is looked at, too", () => {
    expect(saying("claims.groups.filter(g, g in claims.roles).exists(g, true)")).toContain('"in" walks through a list');
    expect(saying('[claims.groups.exists(g, g + "a" == "b")].exists(x, x)')).toContain('"+" stands inside a walk');
  });
});
