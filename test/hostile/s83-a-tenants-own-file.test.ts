import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { loadPolicy } from "../../src/policy/index.ts";
import { loadRealms } from "../../src/realms/index.ts";

// S-83: customer A may change the file that is called after it (its people review it, its pipeline writes it), and writes
// there what only customer B, or the operator, may say.

const folder = new URL("../../policies/", import.meta.url);
const read = (name: string) => readFileSync(new URL(`${name}.yaml`, folder), "utf8");
const names = ["targets", "customer-a", "customer-b"];

/** What is wrong with the example policies when something is added to customer A's file; nothing when they load. */
function said(
  added: string,
  called = "policies/customer-a.yaml",
  more: { file: string; text: string }[] = [],
): string[] {
  const files = names.map((name) =>
    name === "customer-a"
      ? { file: called, text: `${read(name)}${added}` }
      : { file: `policies/${name}.yaml`, text: read(name) },
  );
  const loaded = loadPolicy([...files, ...more]);
  return loaded.ok ? [] : loaded.refusal.map((p) => `${p.file}: ${p.message}`);
}

const forB = `
---
kind: Policy
tenant: customer-b
grants:
  - { id: theirs, give: domain-manager, to: developers, at: [gx1, gx2] }
`;
const moreOfA = `
---
kind: Policy
tenant: customer-a
people: { others: { from: customer-a-idp, all: [{ groups: { has: others } }] } }
`;
const limits = `
---
kind: Targets
clusters: { own: { api: "https://k8s.own.example", roles: [edit], clusterWide: [edit] } }
`;
const newTenant = `
---
kind: Targets
tenants:
  customer-c: { upstreams: [customer-c-idp], domains: { gx1: customer-c }, ceiling: { openstack: [manager] } }
`;

describe("S-83: the policy file of a tenant", () => {
  test("speaks for that tenant, in as many documents as it likes", () => {
    expect(said("")).toEqual([]);
    expect(said(moreOfA)).toEqual([]);
  });

  test.each([
    ["by its name", "policies/customer-a.yaml", "customer-a's by its name"],
    ["by its name in capitals", "policies/Customer-A.YAML", "customer-a's by its name"],
    ["by the beginning of its name", "policies/customer-a.people.yaml", "customer-a's by its name"],
    ["by its folder", "policies/customer-a/people.yaml", "customer-a's by its name"],
    ["by its folder, whatever it is called", "policies/customer-a/customer-b.yaml", "customer-a's by its name"],
    ["by what it begins with", "policies/first.yaml", "customer-a's, whose policy it begins with"],
  ])("does not speak for another, known %s", (_, file, pattern) => {
    expect(said(forB, file)).toEqual([expect.stringContaining(`${pattern}, and does not speak for customer-b`)]);
  });

  test.each([
    ["a role in a whole cluster", limits],
    ["a new tenant", newTenant],
  ])("does not say what the operator allows: %s", (_, added) => {
    for (const file of ["policies/customer-a.yaml", "policies/customer-a/x.yaml", "policies/first.yaml"])
      expect(said(added, file)).toEqual([expect.stringContaining("what may ever be given, is not for it to say")]);
  });

  test("is not the operator's because it begins like one", () => {
    const file = "policies/customer-a.yaml";
    const text = `${limits.replace("\\n---\\n", "")}---\n${read("customer-a")}${forB}`;
    const loaded = loadPolicy([
      { file: "policies/targets.yaml", text: read("targets") },
      { file: "policies/customer-b.yaml", text: read("customer-b") },
      { file, text },
    ]);
    expect(loaded.ok ? [] : loaded.refusal.map((p) => p.message)).toEqual([
      expect.stringContaining("is not for it to say"),
      expect.stringContaining("does not speak for customer-b"),
    ]);
  });

  test("the operator's file may speak for all", () => {
    const all = names.map(read).join("\n---\n");
    for (const file of ["policies.yaml", "policies/targets.yaml", "/etc/cloudpass/all.yaml"])
      expect(loadPolicy([{ file, text: all }]).ok, file).toBe(true);
  });
});

describe("S-83: the part of a realm that is called after a customer", () => {
  const realm = `kind: Realm
realm: x
organizations:
  - {id: customer-b, name: B, domains: [b.example], upstreams: [b-idp]}
upstreams:
  - {id: b-idp, template: keycloak, issuer: "https://b.example", client: {id: c, secret: {env: B_SECRET}}, claims: [groups]}
`;
  const own = `kind: RealmPart
realm: x
organizations:
  - {id: customer-a, name: A, domains: [a.example], upstreams: [a-idp]}
upstreams:
  - {id: a-idp, template: keycloak, issuer: "https://a.example", client: {id: c, secret: {env: CUSTOMER_A_SECRET}}, claims: [groups]}
`;
  const load = (part: string, file = "realms/customer-a.yaml") => {
    const files = [
      { file: "realms/x.yaml", text: realm },
      { file, text: part },
    ];
    const loaded = loadRealms(files, () => "hunter2");
    return loaded.ok ? [] : loaded.refusal.map((p) => `${p.file} ${p.path}: ${p.message}`);
  };
  const withGroups = (groups: string) => own.replace("upstreams: [a-idp]", `upstreams: [a-idp], groups: ${groups}`);
  const idp = (id: string) =>
    `  - {id: ${id}, template: keycloak, issuer: "https://a.example", client: {id: c, secret: {env: CUSTOMER_A_SECRET}}, claims: [groups]}\n`;

  test("says its own organization and identity providers", () => {
    expect(load(own)).toEqual([]);
    expect(load(withGroups("{g: {attributes: {floor: one}, groups: {h: {}}}}"))).toEqual([]);
  });

  test.each([
    [
      "another organization",
      own.replace("upstreams:\n", "  - {id: customer-c, name: C, domains: [c.example]}\nupstreams:\n"),
      "organizations[1].id",
    ],
    ["an identity provider of no organization", own + idp("loose-idp"), "upstreams[1].id"],
    ["roles for everybody", `${own}roles: {realm: {boss: {}}, everybody: {realm: [boss]}}\n`, "roles"],
    ["a client", `${own}clients: {c: {template: device-cli}}\n`, "clients"],
    ["groups", `${own}groups: {g: {}}\n`, "groups"],
    [
      "a group of its own that administers the realm",
      withGroups("{g: {groups: {h: {roles: {clients: {realm-management: [realm-admin]}}}}}}"),
      "organizations[0].groups.g.groups.h.roles",
    ],
    [
      "the same in Keycloak's words",
      withGroups("{g: {raw: {clientRoles: [realm-management realm-admin]}}}"),
      "organizations[0].groups.g.raw",
    ],
  ])("and nothing for others: %s", (_, part, path) => {
    for (const file of ["realms/customer-a.yaml", "realms/customer-a/idps.yaml"])
      expect(load(part, file)).toEqual([
        expect.stringMatching(
          new RegExp(`${path.replaceAll(/[[\].]/g, "\\$&")}: this file is customer-a's by its name`),
        ),
      ]);
    expect(load(part, "realms/more.yaml")).toEqual([]);
  });

  test("names its own variables and files", () => {
    const files = ["customer-a/secret", "secrets/customer-a.txt"].map((file) =>
      own.replace("{env: CUSTOMER_A_SECRET}", `{file: ${file}}`),
    );
    for (const part of files) expect(load(part)).toEqual([]);
  });

  test.each([
    ["the broker's key as its client secret", "secret: {env: MASTER_KEY}", "MASTER_KEY"],
    ["another customer's secret", "secret: {env: CUSTOMER_B_SECRET}", "CUSTOMER_B_SECRET"],
    ["a secret of one whose name begins like its own", "secret: {env: CUSTOMER_AB_SECRET}", "CUSTOMER_AB_SECRET"],
    ["a file of the broker's", "secret: {file: /etc/cloudpass/master-key}", "/etc/cloudpass/master-key"],
    [
      "a key as a name that people see",
      "secret: {env: CUSTOMER_A_SECRET}}, displayName: {env: MASTER_KEY",
      "MASTER_KEY",
    ],
  ])("does not have sent to its own servers, or shown: %s", (_, attack, named) => {
    expect(load(own.replace("secret: {env: CUSTOMER_A_SECRET}", attack))).toEqual([
      expect.stringContaining(`${named} is not customer-a's, whose file this is by its name`),
    ]);
  });
});
