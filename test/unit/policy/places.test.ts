import { describe, expect, it } from "vitest";
import { acme, mustFail, mustLoad, targets } from "./kit.ts";

// Where each problem is told: the file, the line, the column, and the way to it. An editor jumps there, and a review shows it.

const body = `sets:
  dev: [{openstack: {role: member, on: {project: dev}}}, {kubernetes: {role: edit, in: tenant-namespaces}}]
  boss: [{openstack: {roles: [reader, manager], on: domain}}]
people:
  devs: {from: acme-idp, all: [{groups: {has: devs}}], not: [{groups: {has: out}}]}
  bosses: {from: acme-two, any: [{groups: {has: a}}, {groups: {has: b}}]}
grants:
  - {id: d, give: dev, to: devs, at: [gx1, prod1]}
  - {id: b, give: boss, to: bosses, at: [gx1]}
rules:
  - never-together: [dev, boss]
  - count: {set: boss, min: 1, max: 3}
`;
type Change = readonly [from: string, to: string];
const replaced = (text: string, [from, to]: Change) => {
  expect(text).toContain(from);
  return text.replace(from, to);
};
const places = (files: readonly { file: string; text: string }[]) =>
  mustFail(files).map(({ file, line, column, path }) => `${file}:${line}:${column} ${path}`);

it("the files that are made wrong below are right", () => {
  expect(mustLoad(acme(body)).rules.size).toBe(1);
});

describe("a problem of Targets is told", () => {
  it.each<[string, Change, string]>([
    [
      "a reviewed role that is not given",
      ["roles: [reader]}", "roles: [reader], reviewed: [reader, admin]}"],
      "clouds.gx2.reviewed[1]",
    ],
    ["a cluster's", ["clusterWide: [view]", "clusterWide: [view], reviewed: [admin]"], "clusters.prod1.reviewed[0]"],
    ["a project twice", ["projects: [dev]", "projects: [dev, x, DEV]"], "tenants.acme.projects[2]"],
    ["an e-mail domain twice", ["[acme.example]", "[acme.example, Acme.Example]"], "tenants.acme.emailDomains[1]"],
    ["an identity provider twice", ["acme-two]", "acme-two, acme-idp]"], "tenants.acme.upstreams[2]"],
    ["an unknown cloud", ["{gx1: acme}", "{gx1: acme, gx9: acme}"], "tenants.acme.domains.gx9"],
    ["a cluster where a cloud belongs", ["{gx1: acme}", "{gx1: acme, prod1: acme}"], "tenants.acme.domains.prod1"],
    ["a domain of Keystone's", ["{gx1: acme}", "{gx1: acme, gx2: default}"], "tenants.acme.domains.gx2"],
    ["an unknown cluster", ["{prod1: [acme-dev]}", "{prod1: [acme-dev], prod9: [x]}"], "tenants.acme.namespaces.prod9"],
    [
      "a cloud where a cluster belongs",
      ["{prod1: [acme-dev]}", "{prod1: [acme-dev], gx1: [x]}"],
      "tenants.acme.namespaces.gx1",
    ],
    ["a namespace of the cluster's", ["[acme-dev]", "[acme-dev, kube-x]"], "tenants.acme.namespaces.prod1[1]"],
    ["its default one", ["[acme-dev]", "[acme-dev, default]"], "tenants.acme.namespaces.prod1[1]"],
    ["a namespace twice", ["[acme-dev]", "[acme-dev, acme-dev]"], "tenants.acme.namespaces.prod1[1]"],
    [
      "an identity provider of no tenant",
      ["kind: Targets\n", "kind: Targets\nupstreams: {acme-idp: {}, acme-ipd: {}}\n"],
      "upstreams.acme-ipd",
    ],
  ])("%s", (_, change, path) => {
    expect(mustFail([{ file: "targets.yaml", text: replaced(targets, change) }]).map((p) => p.path)).toEqual([path]);
  });

  const second = (text: string) => [...acme(body), { file: "z.yaml", text: `kind: Targets\n${text}\n` }];
  it.each([
    ["clouds: {gx1: {keystone: 'https://x.example/v3', roles: [reader]}}", "z.yaml:2:10 clouds.gx1"],
    ["clusters: {prod1: {api: 'https://x.example', roles: [view]}}", "z.yaml:2:12 clusters.prod1"],
    ["clusters: {cloudpass: {api: 'https://x.example', roles: [view]}}", "z.yaml:2:12 clusters.cloudpass"],
    ["tenants: {acme: {upstreams: [u], ceiling: {}}}", "z.yaml:2:11 tenants.acme"],
    ["tenants: {zeta: {upstreams: [u], domains: {gx1: ACME}, ceiling: {}}}", "z.yaml:2:49 tenants.zeta.domains.gx1"],
  ])("in a second document: %s", (text, place) => {
    expect(places(second(text))).toEqual([place]);
  });

  it("what two documents declare of one identity provider, or set for device logins, at the second", () => {
    const declared = "upstreams: {acme-idp: {public: false}}\ndeviceLogin: {allow: []}";
    expect(places([...second(declared), { file: "zz.yaml", text: `kind: Targets\n${declared}\n` }])).toEqual([
      "zz.yaml:2:13 upstreams.acme-idp",
      "zz.yaml:3:1 deviceLogin",
    ]);
  });
});

describe("a problem of a Policy is told", () => {
  const one = (change: Change) => {
    const [first, own] = acme(replaced(body, change));
    return places([first, own].flatMap((file) => file ?? []));
  };
  it.each<[string, Change, string]>([
    [
      "a role of several",
      ["[reader, manager]", "[reader, admin]"],
      "acme.yaml:5:39 sets.boss[0].openstack.roles[1], acme.yaml:11:42 grants[1].at[0]",
    ],
    [
      "a role",
      ["role: member", "role: membr"],
      "acme.yaml:4:28 sets.dev[0].openstack.role, acme.yaml:10:39 grants[0].at[0]",
    ],
    ["a project", ["project: dev", "project: def"], "acme.yaml:4:50 sets.dev[0].openstack.on.project"],
    [
      "a ClusterRole",
      ["role: edit", "role: edi"],
      "acme.yaml:4:78 sets.dev[1].kubernetes.role, acme.yaml:10:44 grants[0].at[1]",
    ],
    [
      "one for all of it",
      ["role: edit, in: tenant-namespaces", "clusterRole: edi"],
      "acme.yaml:4:85 sets.dev[1].kubernetes.clusterRole, acme.yaml:10:44 grants[0].at[1], acme.yaml:10:44 grants[0].at[1]",
    ],
    [
      "a namespace",
      ["in: tenant-namespaces", "in: {namespace: x}"],
      "acme.yaml:4:100 sets.dev[1].kubernetes.in.namespace, acme.yaml:10:44 grants[0].at[1]",
    ],
    ["an identity provider", ["from: acme-two", "from: acme-tow"], "acme.yaml:8:18 people.bosses.from"],
    [
      "a condition under all",
      ["all: [{groups: {has: devs}}]", "all: [{email: {has: a@b.example}}]"],
      "acme.yaml:7:40 people.devs.all[0].email",
    ],
    [
      "one under any",
      ["{groups: {has: b}}]", "{email: {has: a@b.example}}]"],
      "acme.yaml:8:62 people.bosses.any[1].email",
    ],
    [
      "one under not",
      ["not: [{groups: {has: out}}]", "not: [{email: {has: a@b.example}}]"],
      "acme.yaml:7:70 people.devs.not[0].email",
    ],
    [
      "half a domain",
      ["{groups: {has: b}}]", "{email: {endsWith: b.example, verified: true}}]"],
      "acme.yaml:8:73 people.bosses.any[1].email.endsWith",
    ],
    ["people that cannot be", ["{has: out}", "{has: devs}"], "acme.yaml:7:3 people.devs"],
    [
      "cel without declared claims",
      ["from: acme-two", "from: acme-two, cel: 'true'"],
      "acme.yaml:8:33 people.bosses.cel",
    ],
    ["a grant's name twice", ["id: b", "id: d"], "acme.yaml:11:10 grants[1].id"],
    ["its set", ["give: boss", "give: bos"], "acme.yaml:11:19 grants[1].give"],
    ["its people", ["to: bosses", "to: boses"], "acme.yaml:11:29 grants[1].to"],
    ["a target", ["[gx1, prod1]", "[gx1, prod2]"], "acme.yaml:10:44 grants[0].at[1]"],
    ["a target twice", ["[gx1, prod1]", "[gx1, gx1, prod1]"], "acme.yaml:10:44 grants[0].at[1]"],
    ["a target without place", ["at: [gx1]", "at: [gx1, gx2]"], "acme.yaml:11:47 grants[1].at[1]"],
    ["a target the set holds nothing for", ["at: [gx1]", "at: [gx1, prod1]"], "acme.yaml:11:47 grants[1].at[1]"],
    [
      "a beginning that is none",
      ["at: [gx1]", "at: [gx1], valid: {from: 2027-13-01}"],
      "acme.yaml:11:62 grants[1].valid.from",
    ],
    [
      "an end that is none",
      ["at: [gx1]", "at: [gx1], valid: {until: 2027-13-01}"],
      "acme.yaml:11:63 grants[1].valid.until",
    ],
    [
      "a window that never opens",
      ["at: [gx1]", "at: [gx1], valid: {from: 2027-01-01, until: 2027-01-01}"],
      "acme.yaml:11:55 grants[1].valid",
    ],
    [
      "an assurance",
      ["at: [gx1]", "at: [gx1], require: {assurance: [https://x.example, 'https://refeds.org/assurance/IAP/no']}"],
      "acme.yaml:11:89 grants[1].require.assurance[1]",
    ],
    ["a set of a rule", ["[dev, boss]", "[dev, bos]"], "acme.yaml:13:27 rules[0].never-together[1]"],
    ["one twice", ["[dev, boss]", "[dev, boss, dev]"], "acme.yaml:13:21 rules[0].never-together"],
    ["the set of a count", ["set: boss", "set: bos"], "acme.yaml:14:18 rules[1].count.set"],
    ["a count that cannot be", ["max: 3", "max: 0"], "acme.yaml:14:37 rules[1].count.max"],
  ])("%s", (_, change, expected) => {
    expect(one(change).join(", ")).toBe(expected);
  });

  it("a set, people or a grant that another document of the tenant has, at the second", () => {
    const again = body.split("\n").filter((line) => !/^(rules:| {2}- (never|count))/.test(line));
    expect(
      places([...acme(body), { file: "z.yaml", text: `kind: Policy\ntenant: acme\n${again.join("\n")}` }]),
    ).toEqual([
      "z.yaml:4:3 sets.dev",
      "z.yaml:5:3 sets.boss",
      "z.yaml:7:3 people.devs",
      "z.yaml:8:3 people.bosses",
      "z.yaml:10:10 grants[0].id",
      "z.yaml:11:10 grants[1].id",
    ]);
  });

  it("two files, each sorted by lines and columns, in the order of their names", () => {
    const wrong = (file: string, ids: string) => ({
      file,
      text: `kind: Policy\ntenant: acme\ngrants:\n${[...ids].map((id) => `  - {id: ${id}, give: no, to: nor, at: [none]}\n`).join("")}`,
    });
    const each = ["4:19 grants[0].give", "4:27 grants[0].to", "4:37 grants[0].at[0]"];
    const both = [...each, "5:19 grants[1].give", "5:27 grants[1].to", "5:37 grants[1].at[0]"];
    expect(places([...acme(body).slice(0, 1), wrong("b.yaml", "xy"), wrong("a.yaml", "vw")])).toEqual(
      ["a", "b"].flatMap((file) => both.map((place) => `${file}.yaml:${place}`)),
    );
  });
});
