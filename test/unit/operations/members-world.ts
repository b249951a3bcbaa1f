import {
  type IdentityProviderAlias,
  instant,
  type Person,
  subjectId,
  systemRandom,
  type TenantName,
} from "../../../src/core/index.ts";
import { type Caller, type ConsoleDeps, createTenantViews } from "../../../src/operations/index.ts";
import type { Member, Members } from "../../../src/realms/index.ts";
import { kit, somebody } from "../issuer/kit.ts";
import { mustLoad } from "../policy/kit.ts";

const tenants = ["acme", "beta"] as const;

/** Two tenants whose people live in the realm, and one whose people come through an identity provider. */
const policy = mustLoad([
  {
    file: "targets.yaml",
    text: `kind: Targets
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: [member]}}
console: {roles: [tenant-manager, tenant-auditor]}
tenants:
${[...tenants, "mill"].map((name) => `  ${name}: {upstreams: [${name}-members], domains: {gx1: ${name}}, projects: [dev], ceiling: {openstack: [member], console: [tenant-manager, tenant-auditor]}}`).join("\n")}
`,
  },
  ...[...tenants, "mill"].map((name) => ({
    file: `${name}.yaml`,
    text: `kind: Policy
tenant: ${name}
sets:
  boss: [{console: {role: tenant-manager}}]
  audit: [{console: {role: tenant-auditor}}]
people:
  bosses: {from: ${name}-members, all: [{groups: {has: bosses}}]}
  auditors: {from: ${name}-members, all: [{groups: {has: auditors}}]}
grants:
  - {id: boss, give: boss, to: bosses, at: [console]}
  - {id: audit, give: audit, to: auditors, at: [console]}
`,
  })),
]);

const issuer = "https://kc.example";
export const subOf = (id: string, tenant: string) => subjectId(issuer, id, tenant as TenantName);

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

/** Accounts of a realm that is none: what the operations ask of it, and in which order. Not a Keycloak: that is `test/contract`. */
export function membersWorld() {
  const k = kit({ policy });
  const accounts = new Map<string, Member & { readonly organization: string; elsewhere?: boolean }>();
  const asked: string[] = [];
  const mail = { works: true };
  let next = 0;
  const open = (organization: string): Members => {
    const ours = () => [...accounts.values()].filter((one) => one.organization === organization);
    const of = (id: string) => ours().find((one) => one.id === id);
    const put = (id: string, more: Partial<Member>) => {
      const found = of(id);
      if (found) accounts.set(id, { ...found, ...more });
    };
    return {
      list: async () => ours(),
      find: async (id) => of(id),
      named: async (email) => ours().find((one) => one.email === email),
      make: async (who) => {
        const there = ours().find((one) => one.email === who.email);
        if (there) return { id: there.id, isNew: false };
        const id = `id-${++next}`;
        const fresh = { state: "invited", hasSecondFactor: false, since: instant(1_800_000_000) } as const;
        accounts.set(id, { ...who, ...fresh, id, organization });
        asked.push(`make ${who.email}`);
        return { id, isNew: true };
      },
      sendLink: async (id) => {
        asked.push(`mail ${of(id)?.email}`);
        return mail.works;
      },
      setFirstPassword: async (id) => void asked.push(`password ${of(id)?.email}`),
      enable: async (id, enabled) => {
        asked.push(`${enabled ? "enable" : "disable"} ${of(id)?.email}`);
        put(id, { state: enabled ? "active" : "disabled" });
      },
      isElsewhere: async (id) => of(id)?.elsewhere === true,
      forgetSecondFactor: async (id) => {
        asked.push(`forget ${of(id)?.email}`);
        put(id, { hasSecondFactor: false });
      },
      remove: async (id) => {
        asked.push(`remove ${of(id)?.email}`);
        accounts.delete(id);
      },
    };
  };
  const deps: ConsoleDeps = {
    ...k.parts,
    realmSessions: async (sub) => ({ end: async () => void asked.push(`end ${sub}`) }),
    viewOf: createTenantViews(k.parts),
    members: {
      organizationOf: (alias) => tenants.find((name) => alias === `${name}-members`),
      open,
      subOf,
      random: systemRandom,
    },
  };
  /** Has somebody accept an invitation. */
  const accept = (email: string) => {
    for (const [id, one] of accounts)
      if (one.email === email) accounts.set(id, { ...one, state: "active", hasSecondFactor: true });
  };
  return { k, deps, accounts, asked, mail, accept };
}
