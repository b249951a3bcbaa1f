import type { Federation, FoundCustomer } from "./federation.ts";

const list = (names: readonly string[]): string => `[${names.join(", ")}]`;

/** "acme" is shown as "Acme" until somebody writes the right name. */
export const shownName = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** Alias of a customer's identity provider. */
export const aliasOf = (customer: string): string => `${customer}-idp`;

/** `policies/targets.yaml`: what exists, and what may ever be given. */
export function targetsFile({ clouds, clusters, customers }: Federation): string {
  const ofClouds = clouds.flatMap(({ name, address }) => [
    `  ${name}:`,
    `    keystone: ${JSON.stringify(address)}`,
    "    # Roles that may ever be given there.",
    "    roles: [reader, member]",
  ]);
  const ofClusters = clusters.flatMap(({ name, address }) => [
    `  ${name}:`,
    `    api: ${JSON.stringify(address)}`,
    "    # Our users and groups begin with it there.",
    '    subjects: { prefix: "cp:" }',
    "    # ClusterRoles that may ever be given there.",
    "    roles: [view, edit]",
  ]);
  return `# What exists, and what may ever be given: the operator's part. Every key: docs/reference/policy-files.md
kind: Targets
# Roles that no login with a code carries are manager and admin; clients named here are trusted with them all the same.
deviceLogin: { allow: [] }
${section("clouds", ofClouds)}${section("clusters", ofClusters)}tenants:
${customers.map((customer) => tenantOf(customer, { clouds, clusters, customers })).join("")}`;
}

const section = (name: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : `${name}:\n${lines.join("\n")}\n`;

type Places = Pick<Federation, "clouds" | "clusters" | "customers">;

function tenantOf({ name, domain }: FoundCustomer, { clouds, clusters, customers }: Places): string {
  const lines = [
    `  ${name}:`,
    `    displayName: ${shownName(name)}`,
    // With one customer nobody is asked for an address to find the way.
    ...(customers.length === 1
      ? []
      : ["    # People with such an address are led to this customer.", `    emailDomains: [${domain}]`]),
    `    upstreams: [${aliasOf(name)}]`,
    ...(clouds.length === 0
      ? []
      : [
          "    # Its domain on each cloud, and its projects in them: made when they are not there.",
          `    domains: { ${clouds.map((c) => `${c.name}: ${name}`).join(", ")} }`,
          "    projects: [dev]",
        ]),
    ...(clusters.length === 0
      ? []
      : [
          "    # Its namespaces on each cluster: made when they are not there.",
          `    namespaces: { ${clusters.map((c) => `${c.name}: [${name}-dev]`).join(", ")} }`,
        ]),
    "    # What its people may have at most, whatever its own file says.",
    `    ceiling: { ${[
      ...(clouds.length === 0 ? [] : ["openstack: [reader, member]"]),
      ...(clusters.length === 0 ? [] : ["kubernetes: [view, edit]"]),
    ].join(", ")} }`,
  ];
  return `${lines.join("\n")}\n`;
}

/** `policies/<customer>.yaml`: who of a customer gets what, with tests that are run whenever it is read. */
export function customerFile({ name }: FoundCustomer, { clouds, clusters }: Federation): string {
  const alias = aliasOf(name);
  const gets = [
    ...(clouds.length === 0 ? [] : ["    - openstack: { role: member, on: { project: dev } }"]),
    ...(clusters.length === 0 ? [] : ["    - kubernetes: { role: edit, in: tenant-namespaces }"]),
  ];
  const at = [...clouds, ...clusters].map((target) => target.name);
  const exactly = [
    ...clouds.map((c) => `${c.name} project ${name}/dev member`),
    ...clusters.map((c) => `${c.name} namespace ${name}-dev edit`),
  ];
  return `# Who of ${shownName(name)} gets what. It speaks for this customer only, and can be given to its own people to change.
kind: Policy
tenant: ${name}
sets:
  developer:
${gets.join("\n")}
people:
  # Whoever is in the group "developers" at the customer's identity provider.
  developers: { from: ${alias}, all: [{ groups: { has: developers } }] }
grants:
  - { id: dev, give: developer, to: developers, at: ${list(at)} }
# Run whenever this file is read: a file whose tests fail changes nothing.
tests:
  - name: a developer
    as: { upstream: ${alias}, claims: { sub: s1, groups: [developers] } }
    expect:
      exactly:
${exactly.map((right) => `        - ${right}`).join("\n")}
  - name: anybody else
    as: { upstream: ${alias}, claims: { sub: s2, groups: [] } }
    expect: { nothing: true }
`;
}
