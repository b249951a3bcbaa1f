import { describe, expect, it } from "vitest";
import { acme, login, mustFail, mustLoad, said, targets } from "./kit.ts";

// Where the items of a set come to hold, which grants of two sets meet in time, and what a count means.

const places = (files: readonly { file: string; text: string }[]) =>
  mustFail(files).map(({ file, line, column, path }) => `${file}:${line}:${column} ${path}`);

describe("where a right holds", () => {
  const two = targets
    .replace("clusters:\n", 'clusters:\n  prod2: {api: "https://prod2.example", roles: [view, edit]}\n')
    .replace("{prod1: [acme-dev]}", "{prod1: [acme-dev, acme-test], prod2: {label: tenant=acme}}")
    .replace("domains: {gx1: acme}", "domains: {gx1: acme, gx2: acme}");
  const grant = (item: string, at: string) => [
    { file: "targets.yaml", text: two },
    ...acme(
      `sets: {s: [${item}]}\npeople: {p: {from: acme-idp, everyone: true}}\ngrants: [{id: g, give: s, to: p, at: [${at}]}]\n`,
    ).slice(1),
  ];
  const rights = (item: string, at: string) => said(mustLoad(grant(item, at)).decide(login({})));

  it("in one namespace of several, in all of them, in those of a label, on a domain, a project, all projects", () => {
    expect(rights("{kubernetes: {role: edit, in: {namespace: acme-test}}}", "prod1")).toEqual([
      "prod1 namespace acme-test edit",
    ]);
    expect(rights("{kubernetes: {role: edit, in: tenant-namespaces}}", "prod1, prod2")).toEqual([
      "prod1 namespace acme-dev edit",
      "prod1 namespace acme-test edit",
      "prod2 namespaces tenant=acme edit",
    ]);
    expect(rights("{openstack: {role: reader, on: domain}}", "gx1, gx2")).toEqual([
      "gx1 domain acme reader",
      "gx2 domain acme reader",
    ]);
    expect(rights("{openstack: {role: reader, on: {project: dev}}}", "gx2")).toEqual(["gx2 project acme/dev reader"]);
    expect(rights("{openstack: {roles: [member, reader], on: {domain: all-projects}}}", "gx1")).toEqual([
      "gx1 projects-of acme member",
      "gx1 projects-of acme reader",
    ]);
  });

  it("a namespace is nowhere where the tenant has it not, or a label instead", () => {
    expect(places(grant("{kubernetes: {role: edit, in: {namespace: acme-test}}}", "prod1, prod2"))).toEqual([
      "acme.yaml:5:46 grants[0].at[1]",
    ]);
  });

  it("a role is given only where the target lists it, and a ClusterRole in all of a cluster only where that is named", () => {
    expect(places(grant("{openstack: {role: member, on: domain}}", "gx1, gx2"))).toEqual([
      "acme.yaml:5:44 grants[0].at[1]",
    ]);
    expect(places(grant("{kubernetes: {clusterRole: view}}", "prod1, prod2"))).toEqual([
      "acme.yaml:5:46 grants[0].at[1]",
    ]);
    expect(rights("{kubernetes: {clusterRole: view}}", "prod1")).toEqual(["prod1 cluster view"]);
  });
});

describe("rules over all grants of a tenant", () => {
  const rules = (text: string, grants: string) =>
    acme(`sets:
  one: [{openstack: {role: member, on: {project: dev}}}]
  two: [{openstack: {role: reader, on: domain}}]
  three: [{openstack: {role: reader, on: {project: dev}}}]
people:
  p: {from: acme-idp, all: [{groups: {has: p}}]}
  q: {from: acme-idp, all: [{groups: {has: q}}]}
grants:
${grants}
rules: [${text}]
`);
  const grant = (id: string, give: string, to: string, valid = "") =>
    `  - {id: ${id}, give: ${give}, to: ${to}, at: [gx1]${valid && `, valid: {${valid}}`}}`;
  const apart = (sets: string, ...grants: string[]) => rules(`{never-together: [${sets}]}`, grants.join("\n"));

  it("each pair of sets is told once, the first of its grants that meet", () => {
    const files = apart(
      "one, two, three",
      grant("a", "one", "p"),
      grant("b", "two", "q"),
      grant("c", "two", "p"),
      grant("d", "three", "q"),
    );
    expect(mustFail(files).map(({ message }) => message.match(/grant \w/g)?.join())).toEqual([
      "grant a,grant b",
      "grant a,grant d",
      "grant b,grant d",
    ]);
  });

  it.each<[string, string, boolean]>([
    ["", "", true],
    ["until: 2027-01-01", "from: 2027-01-01", false],
    ["from: 2027-01-01", "until: 2027-01-01", false],
    ["until: 2027-01-02", "from: 2027-01-01", true],
    ["from: 2027-01-01", "until: 2027-01-02", true],
    ["until: 2027-01-01", "", true],
    ["", "until: 2027-01-01", true],
    ["from: 2027-01-01", "", true],
    ["", "from: 2027-01-01", true],
    ["until: 2027-01-01", "until: 2026-01-01", true],
    ["from: 2027-01-01", "from: 2026-01-01", true],
    ["from: 2027-01-01, until: 2028-01-01", "from: 2026-01-01, until: 2027-01-01", false],
    ["from: 2026-01-01, until: 2027-01-01", "from: 2027-01-01, until: 2028-01-01", false],
    ["from: 2026-01-01, until: 2029-01-01", "from: 2027-01-01, until: 2028-01-01", true],
    ["from: 2027-01-01, until: 2028-01-01", "from: 2026-01-01, until: 2029-01-01", true],
  ])("windows {%s} and {%s} meet: %s", (one, two, meet) => {
    const files = apart("one, two", grant("a", "one", "p", one), grant("b", "two", "q", two));
    if (meet) expect(mustFail(files).map(({ message }) => message.match(/grant \w/g)?.[0])).toContain("grant a");
    else expect(mustLoad(files).rules.size).toBe(1);
  });

  it("a count has its bounds and its time, and warns; at least and at most may be the same", () => {
    const count = (text: string) =>
      [...mustLoad(rules(`{count: {set: one, ${text}}}`, grant("a", "one", "p"))).rules.values()][0]?.counts[0];
    expect(count("min: 2, max: 2")).toMatchObject({ min: 2, max: 2, within: 90 * 86_400, otherwise: "warn" });
    expect(count("max: 1, from: 30d, otherwise: refuse")).toMatchObject({
      min: 0,
      max: 1,
      within: 30 * 86_400,
      otherwise: "refuse",
    });
    expect(count("min: 1")).toMatchObject({
      min: 1,
      max: Number.MAX_SAFE_INTEGER,
      set: { name: "one" },
      source: { file: "acme.yaml", line: 12 },
    });
  });
});
