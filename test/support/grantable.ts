import fc from "fast-check";
import { loadPolicy } from "../../src/policy/index.ts";

/*
 * Who writes a tenant's policy asks for rights; the operator's Targets say what may be asked. The oracle below reads the
 * two tables and nothing of the product.
 */

/** Roles to ask for. */
export const roles = ["admin", "service", "manager", "member", "reader", "ops", "Member", "ADMIN"] as const;
const standard: Readonly<Record<string, readonly string[]>> = {
  admin: ["admin", "manager", "member", "reader"],
  manager: ["manager", "member", "reader"],
  member: ["member", "reader"],
};
const implied = (role: string, ops: string): string[] => {
  const name = role.toLowerCase();
  return name === "ops" ? ["ops", ...(standard[ops] ?? [ops])] : [...(standard[name] ?? [name])];
};

/** What the operator allows; `ops` is what the role of that name implies. */
export interface Limits {
  readonly cloud: readonly string[];
  readonly ceiling: readonly string[];
  readonly reviewed: readonly string[];
  readonly ops: string;
}

/** The oracle: listed by the cloud and the ceiling by exactly this name; and all it implies is allowed and reviewed. */
export function grantable(role: string, { cloud, ceiling, reviewed, ops }: Limits): boolean {
  const allowed = new Set([...ceiling, role].flatMap((r) => (r.toLowerCase() === "ops" ? ["ops"] : implied(r, ops))));
  const all = implied(role, ops);
  const known = reviewed.map((r) => r.toLowerCase());
  return (
    cloud.includes(role) &&
    ceiling.includes(role) &&
    all.every((r) => allowed.has(r)) &&
    all.every((r) => !["admin", "service"].includes(r) || known.includes(r))
  );
}

const list = (names: readonly string[]) => `[${names.join(", ")}]`;
/** True when a policy that gives all these roles is accepted. */
export const loads = (asked: readonly string[], { cloud, ceiling, reviewed, ops }: Limits): boolean =>
  loadPolicy([
    {
      file: "targets.yaml",
      text: `kind: Targets
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: ${list(cloud)}, reviewed: ${list(reviewed)}, implies: {ops: [${ops}]}}}
tenants: {acme: {upstreams: [acme-idp], domains: {gx1: acme}, ceiling: {openstack: ${list(ceiling)}}}}
`,
    },
    {
      file: "acme.yaml",
      text: `kind: Policy
tenant: acme
sets:
${asked.map((role, i) => `  s${i}: [{openstack: {role: ${role}, on: domain}}]`).join("\n")}
people: {who: {from: acme-idp, all: [{groups: {has: g}}]}}
grants:
${asked.map((_, i) => `  - {id: g${i}, give: s${i}, to: who, at: [gx1]}`).join("\n")}
`,
    },
  ]).ok;

const some = fc.uniqueArray(fc.constantFrom(...roles), { minLength: 1 });
/** Limits drawn at random. */
export const limits = fc
  .record({ cloud: some, ceiling: some, ops: fc.constantFrom(...roles.slice(0, 5)) })
  .chain((l) => fc.subarray(l.cloud).map((reviewed): Limits => ({ ...l, reviewed })));
