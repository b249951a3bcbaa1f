import { describe, expect, it } from "vitest";
import { acme, login, mustLoad, targets } from "./kit.ts";

// Which of two grants gives nothing new: everything but the people must be as wide, and one of two that are the same is told.

const sets = `sets:
  dev: [{openstack: {role: member, on: {project: dev}}}]
  both: [{openstack: {role: member, on: {project: dev}}}, {openstack: {role: reader, on: domain}}]
  boss: [{openstack: {role: manager, on: domain}}, {openstack: {role: member, on: {project: dev}}}]
people:
  p: {from: acme-idp, all: [{groups: {has: p}}]}
  c: {from: acme-idp, all: [{groups: {has: p}}], cel: "claims.dep == claims.unit"}
  other: {from: acme-idp, all: [{groups: {has: p}}], cel: "claims.dep == claims.team"}
`;
/** Of two grants, the names of those that are told as superfluous. */
function told(one: string, two: string, head = sets): string[] {
  const policy = mustLoad([
    {
      file: "targets.yaml",
      text: targets
        .replace("kind: Targets\n", "kind: Targets\ndeviceLogin: {allow: []}\n")
        .replace("domains: {gx1: acme}", "domains: {gx1: acme, gx2: acme}")
        .concat(
          "upstreams: {acme-idp: {claims: {groups: {type: list}, dep: {type: text}, unit: {type: text}, team: {type: text}}}}\n",
        ),
    },
    ...acme(`${head}grants:\n  - {id: one, ${one}}\n  - {id: two, ${two}}\n`).slice(1),
  ]);
  return policy
    .warnings(login({}).at)
    .flatMap(({ message }) => /^grant "(\w+)" \(acme\.yaml:\d+\) gives all of this/.exec(message)?.[1] ?? []);
}
const g = (give: string, to: string, more = "", at = "[gx1]") => `give: ${give}, to: ${to}, at: ${at}${more}`;

describe("of two grants", () => {
  it("that are the same the later one is told, once", () => {
    expect(told(g("dev", "p"), g("dev", "p"))).toEqual(["one"]);
  });

  const wide = g("dev", "p");
  it.each<[string, string, string]>([
    ["a part of the set", g("both", "p"), wide],
    ["a later beginning", wide, g("dev", "p", ", valid: {from: 2027-01-01}")],
    [
      "a part of the window",
      g("dev", "p", ", valid: {from: 2026-01-01, until: 2029-01-01}"),
      g("dev", "p", ", valid: {from: 2027-01-01, until: 2028-01-01}"),
    ],
    ["one more method", g("dev", "p", ", require: {amr: [pwd]}"), g("dev", "p", ", require: {amr: [pwd, mfa]}")],
    ["a class", wide, g("dev", "p", ", require: {acr: [high]}")],
    ["fewer classes", g("dev", "p", ", require: {acr: [high, higher]}"), g("dev", "p", ", require: {acr: [high]}")],
    ["an assurance", wide, g("dev", "p", ", require: {assurance: [https://refeds.org/assurance/IAP/medium]}")],
    ["a further condition in CEL", wide, g("dev", "c")],
  ])("one with %s gives nothing new", (_, one, two) => {
    expect(told(one, two)).toEqual(["one"]);
    // Whichever stands first.
    expect(told(two, one)).toEqual(["two"]);
  });

  it.each<[string, string, string]>([
    ["other rights", g("both", "p"), g("boss", "p")],
    [
      "windows that begin and end later",
      g("dev", "p", ", valid: {from: 2027-01-01, until: 2028-01-01}"),
      g("dev", "p", ", valid: {from: 2027-06-01, until: 2028-06-01}"),
    ],
    ["other methods", g("dev", "p", ", require: {amr: [pwd]}"), g("dev", "p", ", require: {amr: [mfa]}")],
    ["other classes", g("dev", "p", ", require: {acr: [high]}"), g("dev", "p", ", require: {acr: [low]}")],
    [
      "a class here, a method there",
      g("dev", "p", ", require: {acr: [high]}"),
      g("dev", "p", ", require: {amr: [mfa]}"),
    ],
    ["other conditions in CEL", g("dev", "c"), g("dev", "other")],
  ])("with %s neither is superfluous", (_, one, two) => {
    expect(told(one, two)).toEqual([]);
    expect(told(two, one)).toEqual([]);
  });

  it("one gives the same on more targets", () => {
    const reader = sets.replace(
      "role: member, on: {project: dev}}}]\n  both",
      "role: reader, on: {project: dev}}}]\n  both",
    );
    expect(told(g("dev", "p", "", "[gx1, gx2]"), g("dev", "p"), reader)).toEqual(["one"]);
    expect(told(g("dev", "p", "", "[gx2]"), g("dev", "p"), reader)).toEqual([]);
  });

  it("a set that some logins do not carry stands for no part of it", () => {
    expect(told(g("boss", "p"), g("dev", "p"))).toEqual([]);
    expect(told(g("boss", "p"), g("boss", "p"))).toEqual(["one"]);
  });

  it("the same condition in CEL is the same people", () => {
    expect(told(g("dev", "c"), g("dev", "c"))).toEqual(["one"]);
  });
});
