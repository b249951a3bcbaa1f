import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { TargetName } from "../../../src/core/index.ts";
import { loadPolicy, policyFilesReference } from "../../../src/policy/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { acme, examples, login, mustFail, mustLoad, said, targets } from "./kit.ts";

const base = {
  sets: "sets:\n  dev: [{openstack: {role: member, on: {project: dev}}}]\n",
  people: "people:\n  who: {from: acme-idp, all: [{groups: {has: devs}}]}\n",
  grants: "grants:\n  - {id: g, give: dev, to: who, at: [gx1]}\n",
};
const policy = (change: Partial<typeof base>) => acme(Object.values({ ...base, ...change }).join(""));
const saying = (files: readonly { file: string; text: string }[]) => mustFail(files).map(formatProblem).join("\n");
const changed = (from: string, to: string) => {
  expect(targets).toContain(from);
  return [{ file: "targets.yaml", text: targets.replace(from, to) }, ...policy({}).slice(1)];
};

describe("the authority of a cluster's certificate", () => {
  const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  const having = (text: string) =>
    changed(
      'api: "https://prod1.example",',
      `api: "https://prod1.example", certificateAuthority: ${JSON.stringify(text)},`,
    );

  it("is told to the cluster's people as it stands there, one or several", () => {
    for (const text of [pem, pem + pem, pem.replaceAll("\n", "\r\n")])
      expect(mustLoad(having(text)).targets.get("prod1" as TargetName)).toMatchObject({ caPem: text });
  });

  it("is nothing else: a private key that got in would be told to everybody", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    for (const text of [key, pem + key, `${pem}more`, "", "prod1-ca.crt"])
      expect(saying(having(text))).toMatch(/targets.yaml:\d+:\d+: .*one or more certificates in PEM expected/);
  });
});

describe("what a policy file may not say, with its place and the remedy", () => {
  const grants = (at: string) => ({ grants: `grants:\n  - ${at}\n` });
  const sets = (item: string) => ({ sets: `sets:\n  dev: [${item}]\n` });
  it.each([
    [
      "an unknown target",
      policy(grants("{id: g, give: dev, to: who, at: [gx11]}")),
      /acme.yaml:8:38: .*unknown target "gx11"[\s\S]*did you mean "gx1"/,
    ],
    [
      "an unknown set",
      policy(grants("{id: g, give: deb, to: who, at: [gx1]}")),
      /unknown set "deb"[\s\S]*did you mean "dev"/,
    ],
    [
      "unknown people",
      policy(grants("{id: g, give: dev, to: hwo, at: [gx1]}")),
      /unknown people "hwo"[\s\S]*did you mean "who"/,
    ],
    ["a target twice", policy(grants("{id: g, give: dev, to: who, at: [gx1, gx1]}")), /listed twice/],
    [
      "an identity provider of nobody",
      policy({ people: "people:\n  who: {from: acme-ipd, everyone: true}\n" }),
      /"acme-ipd" is not an identity provider of acme[\s\S]*"acme-idp"/,
    ],
    [
      "an unknown project",
      policy(sets("{openstack: {role: member, on: {project: de}}}")),
      /no project "de"[\s\S]*"dev"/,
    ],
    [
      "a misspelt role",
      policy(sets("{openstack: {role: membr, on: domain}}")),
      /"membr" is given by no target[\s\S]*"member"/,
    ],
    ["a role the cloud does not list", policy({ ...sets("{openstack: {role: admin, on: domain}}") }), /"admin"/],
    [
      "a set that holds nothing for its target",
      policy(grants("{id: g, give: dev, to: who, at: [prod1]}")),
      /holds nothing for prod1/,
    ],
    [
      "a cloud without a domain of the tenant",
      policy(grants("{id: g, give: dev, to: who, at: [gx2]}")),
      /acme has no domain on gx2/,
    ],
    [
      "a window that never opens",
      policy(grants("{id: g, give: dev, to: who, at: [gx1], valid: {from: 2027-01-01, until: 2026-01-01}}")),
      /never open/,
    ],
    [
      "a time that is none",
      policy(grants("{id: g, give: dev, to: who, at: [gx1], valid: {until: tomorrow}}")),
      /a time like/,
    ],
    [
      "the same grant twice",
      policy(grants("{id: g, give: dev, to: who, at: [gx1]}\n  - {id: g, give: dev, to: who, at: [gx1]}")),
      /grant of acme "g" is defined twice; first in acme.yaml:8/,
    ],
    ["people by nothing", policy({ people: "people:\n  who: {from: acme-idp}\n" }), /everyone: true/],
    [
      "an unverified address",
      policy({ people: 'people:\n  who: {from: acme-idp, all: [{email: {endsWith: "@a.example"}}]}\n' }),
      /counts only when it is verified/,
    ],
    [
      "half a domain",
      policy({ people: "people:\n  who: {from: acme-idp, all: [{email: {endsWith: a.example, verified: true}}]}\n" }),
      /also ends other domains/,
    ],
    [
      "a regular expression",
      policy({ people: 'people:\n  who: {from: acme-idp, all: [{groups: {matches: ".*"}}]}\n' }),
      /unknown key "matches"/,
    ],
    ["a foreign namespace", policy(sets("{kubernetes: {role: edit, in: {namespace: other}}}")), /no namespace "other"/],
    [
      "a role for the whole cluster",
      policy({ ...sets("{kubernetes: {clusterRole: edit}}"), ...grants("{id: g, give: dev, to: who, at: [prod1]}") }),
      /would reach other tenants/,
    ],
    [
      "an unknown tenant",
      [
        { file: "t.yaml", text: targets },
        { file: "p.yaml", text: "kind: Policy\ntenant: acne\n" },
      ],
      /p.yaml:2:9: tenant: unknown tenant "acne"[\s\S]*"acme"/,
    ],
    [
      "an unknown kind",
      [{ file: "p.yaml", text: "kind: Polcy\n" }],
      /p.yaml:1:7: .*"Polcy" is not a kind[\s\S]*"Policy"/,
    ],
    ["no kind", [{ file: "p.yaml", text: "tenant: x\n" }], /missing: "kind"/],
  ])("%s", (_, files, pattern) => {
    expect(saying(files)).toMatch(pattern);
  });

  it.each(["admin", "service", "cluster-admin", "system:masters", "system:node"])(
    "the role %s unless Targets names it as reviewed",
    (role) => {
      const kind = role === "admin" || role === "service" ? "openstack" : "kubernetes";
      const item =
        kind === "openstack"
          ? `{openstack: {role: ${role}, on: domain}}`
          : `{kubernetes: {role: "${role}", in: tenant-namespaces}}`;
      const at = kind === "openstack" ? "gx1" : "prod1";
      const body = policy({
        sets: `sets:\n  dev: [${item}]\n`,
        grants: `grants:\n  - {id: g, give: dev, to: who, at: [${at}]}\n`,
      });
      expect(saying(body)).toContain(`"${role}" rules the whole target and is refused`);
      const named = targets
        .replace("manager], ", "manager], ")
        .replace(
          "roles: [reader, member, manager]",
          `roles: [reader, member, manager${kind === "openstack" ? `, ${role}` : ""}]`,
        )
        .replace("roles: [view, edit]", `roles: [view, edit${kind === "kubernetes" ? `, "${role}"` : ""}]`)
        .replace(`${kind}: [`, `${kind}: ["${role}", `);
      expect(saying([{ file: "targets.yaml", text: named }, ...body.slice(1)])).toContain("rules the whole target");
      const start = kind === "openstack" ? '{keystone: "https://gx1' : "{api:";
      const reviewed = named.replace(start, `{reviewed: ["${role}"], ${start.slice(1)}`);
      expect(loadPolicy([{ file: "targets.yaml", text: reviewed }, ...body.slice(1)]).ok).toBe(true);
    },
  );

  it.each([
    [
      "a role above the ceiling",
      changed("openstack: [member, reader, manager]", "openstack: [reader]"),
      /"member" is above the ceiling of acme/,
    ],
    ["a domain of Keystone's own", changed("{gx1: acme}", "{gx1: Default}"), /Keystone's own/],
    ["a domain that Keystone cannot have", changed("{gx1: acme}", "{gx1: Federated}"), /Keystone's own/],
    ["a domain with braces", changed("{gx1: acme}", '{gx1: "{0}"}'), /letters, digits/],
    ["an unknown cloud", changed("domains: {gx1: acme}", "domains: {gx1: acme, gx3: acme}"), /unknown cloud "gx3"/],
    [
      "an unknown cluster",
      changed("namespaces: {prod1:", "namespaces: {prod2: [x], prod1:"),
      /unknown cluster "prod2"[\s\S]*"prod1"/,
    ],
    ["a namespace of the cluster's own", changed("[acme-dev]", "[kube-system]"), /the cluster's own/],
    ["plain http", changed("https://gx1.example/v3", "http://gx1.example/v3"), /an https URL expected/],
    [
      "a prefix of Kubernetes' own",
      changed("roles: [view, edit]", 'subjects: {prefix: "system:"}, roles: [view, edit]'),
      /Kubernetes' own/,
    ],
    ["a target called as the command line client", changed("  gx2:", "  cloudpass:"), /the name cloudpass is taken/],
  ])("%s", (_, files, pattern) => {
    expect(saying(files)).toMatch(pattern);
  });

  it.each([
    [
      "an identity provider",
      "upstreams: [acme-idp]",
      /identity provider "acme-idp" is defined twice; first in targets.yaml:\d+/,
    ],
    [
      "an e-mail domain in another case",
      "upstreams: [u], emailDomains: [ACME.example]",
      /e-mail domain "acme.example" is defined twice/,
    ],
    ["a domain in another case", "upstreams: [u], domains: {gx1: ACME}", /domain on gx1 "acme" is defined twice/],
    [
      "a namespace",
      "upstreams: [u], namespaces: {prod1: [acme-dev]}",
      /namespace on prod1 "acme-dev" is defined twice/,
    ],
  ])("%s in two tenants", (_, text, pattern) => {
    const second = { file: "zeta.yaml", text: `kind: Targets\ntenants:\n  zeta: {${text}, ceiling: {}}\n` };
    expect(saying([...policy({}), second])).toMatch(pattern);
  });

  it("the same target, tenant or setting in two documents", () => {
    const text = saying([
      ...policy({}),
      { file: "z.yaml", text: `${targets}deviceLogin: {}\n---\nkind: Targets\ndeviceLogin: {}\n` },
    ]);
    expect(text).toMatch(/target "gx1" is defined twice/);
    expect(text).toMatch(/tenant "acme" is defined twice/);
    expect(text).toMatch(/setting "deviceLogin" is defined twice/);
  });

  it("all problems come at once, sorted by place", () => {
    const found = mustFail(policy({ grants: "grants:\n  - {id: g, give: x, to: y, at: [z]}\n" }));
    expect(found.map((p) => p.path)).toEqual(["grants[0].give", "grants[0].to", "grants[0].at[0]"]);
  });
});

describe("tests in the files", () => {
  const withTest = (test: string) => policy({ grants: `${base.grants}tests:\n  - ${test}\n` });
  const asDev = "as: {upstream: acme-idp, claims: {groups: [devs]}}";
  it.each([
    [
      "a right that is not given",
      `{name: t, ${asDev}, expect: {exactly: [gx1 project acme/dev manager]}}`,
      /acme.yaml:10:\d+: .*test "t": "gx1 project acme\/dev manager" is not given[\s\S]*is given: gx1 project acme\/dev member/,
    ],
    [
      "a right that is given too",
      `{name: t, ${asDev}, expect: {nothing: true}}`,
      /"gx1 project acme\/dev member" is given too, by grant g \(acme.yaml:8\)/,
    ],
    ["an excluded right", `{name: t, ${asDev}, expect: {excludes: [gx1 project acme/dev member]}}`, /is given/],
    ["an unknown that was decided", `{name: t, ${asDev}, expect: {unknown: true}}`, /was decided/],
    [
      "a decision that is unknown",
      `{name: t, as: {upstream: acme-idp, claims: {groups: overage}}, expect: {nothing: true}}`,
      /cannot be decided/,
    ],
    ["no expectation", `{name: t, ${asDev}, expect: {}}`, /an expectation expected/],
  ])("%s is a problem at the test's line", (_, test, pattern) => {
    expect(saying(withTest(test))).toMatch(pattern);
  });

  it("a test without a moment sees every window open, one with a moment sees it as it is", () => {
    const grants = "grants:\n  - {id: g, give: dev, to: who, at: [gx1], valid: {until: 2001-01-01}}\n";
    const expectation = "expect: {exactly: [gx1 project acme/dev member]}";
    expect(loadPolicy(policy({ grants: `${grants}tests:\n  - {name: t, ${asDev}, ${expectation}}\n` })).ok).toBe(true);
    const late = asDev.replace("claims", "at: 2002-01-01, claims");
    expect(saying(policy({ grants: `${grants}tests:\n  - {name: t, ${late}, ${expectation}}\n` }))).toMatch(
      /valid only until 2001-01-01/,
    );
  });
});

describe("loading", () => {
  it("the examples of the project load, and endpoints can be put in place of theirs", () => {
    const loaded = loadPolicy(examples, {
      endpoints: { gx1: "http://127.0.0.1:5000/v3/", prod1: "https://127.0.0.1:6443" },
    });
    if (!loaded.ok) throw new Error(loaded.refusal.map(formatProblem).join("\n"));
    const target = (name: string) => [...loaded.value.targets.values()].find((t) => t.name === name);
    expect(target("gx1")).toMatchObject({ authUrl: "http://127.0.0.1:5000/v3" });
    expect(target("prod1")).toMatchObject({ api: "https://127.0.0.1:6443" });
    expect(target("gx2")).toMatchObject({ authUrl: "https://api.gx2.example:5000/v3" });
  });

  it("an endpoint for a target that is none, or one that is no address, is a problem", () => {
    const loaded = loadPolicy(examples, { endpoints: { gx9: "https://x.example", gx1: "http://x.example" } });
    expect(loaded.ok ? [] : loaded.refusal.map((p) => p.path).sort()).toEqual(["gx1", "gx9"]);
  });

  it("one tenant's policy may stand in several documents", () => {
    const [first, second] = acme(base.sets);
    const rest = { file: "more.yaml", text: `kind: Policy\ntenant: acme\n${base.people}${base.grants}` };
    expect(
      said(mustLoad([first, second, rest].flatMap((f) => f ?? [])).decide(login({ groups: "devs" }))),
    ).toHaveLength(1);
  });
});

it("the reference page of the policy files is current (npm run docs)", () => {
  const page = new URL("../../../docs/reference/policy-files.md", import.meta.url);
  expect(readFileSync(page, "utf8")).toBe(policyFilesReference());
});
