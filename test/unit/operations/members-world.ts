import type { IdentityProviderAlias, Person, TenantName } from "../../../src/core/index.ts";
import { type Caller, type ConsoleDeps, createTenantViews } from "../../../src/operations/index.ts";
import { inMemoryMembers, subOf } from "../../support/members-in-memory.ts";
import { kit, somebody } from "../issuer/kit.ts";
import { mustLoad } from "../policy/kit.ts";

const tenants = ["acme", "beta"] as const;

/** Two tenants whose people live in the realm, and one whose people come through an identity provider. */
const policy = mustLoad([
  {
    file: "targets.yaml",
    text: `kind: Targets
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: [member, manager]}}
console: {roles: [tenant-manager, tenant-auditor, operator]}
tenants:
${[...tenants, "mill"].map((name) => `  ${name}: {upstreams: [${name}-members, ${name}-idp], domains: {gx1: ${name}}, projects: [dev], ceiling: {openstack: [member, manager], console: [tenant-manager, tenant-auditor, operator]}}`).join("\n")}
`,
  },
  ...[...tenants, "mill"].map((name) => ({
    file: `${name}.yaml`,
    text: `kind: Policy
tenant: ${name}
sets:
  boss: [{console: {role: tenant-manager}}]
  audit: [{console: {role: tenant-auditor}}]
  ops: [{console: {role: operator}}]
  rule: [{openstack: {role: manager, on: domain}}]
people:
  bosses: {from: ${name}-members, all: [{groups: {has: bosses}}]}
  auditors: {from: ${name}-members, all: [{groups: {has: auditors}}]}
  operators: {from: ${name}-members, all: [{groups: {has: operators}}]}
  rulers: {from: ${name}-members, all: [{groups: {has: rulers}}]}
grants:
  - {id: boss, give: boss, to: bosses, at: [console]}
  - {id: audit, give: audit, to: auditors, at: [console]}
  - {id: ops, give: ops, to: operators, at: [console]}
  - {id: rule, give: rule, to: rulers, at: [gx1]}
`,
  })),
]);

/** Somebody of a tenant who stands at the console. */
export const callerOf = (tenant: string, group = "bosses", id = "caller"): Caller => ({
  person: somebody("caller", [group], {
    sub: subOf(id, tenant),
    tenant: tenant as TenantName,
    identityProvider: `${tenant}-members` as IdentityProviderAlias,
  } as Partial<Person>),
  client: "console",
  loginMethod: "browser",
});

/** The operations over members who live in no realm. */
export function membersWorld() {
  const k = kit({ policy });
  const { access, ...members } = inMemoryMembers((alias) => tenants.find((name) => alias === `${name}-members`));
  const deps: ConsoleDeps = {
    ...k.parts,
    realmSessions: async (sub) => ({ end: async () => void members.asked.push(`end ${sub}`) }),
    viewOf: createTenantViews(k.parts),
    members: access,
  };
  return { k, deps, ...members };
}
