import {
  Bug,
  type Instant,
  keystoneIdentityProvider,
  type MintedName,
  type OpenStackScope,
  type TargetName,
  type TenantName,
  tenantUrn,
} from "../../core/index.ts";
import type { CloudTarget, Policy, Tenant } from "../../policy/index.ts";
import { scopesOf } from "../../policy/index.ts";
import { grantsToApply } from "../grants-to-apply.ts";

/** A group × role × place that must exist on a cloud. The group lives in the tenant's domain. */
export interface GroupAssignment {
  readonly group: MintedName;
  readonly groupDomain: string;
  readonly role: string;
  readonly scope: OpenStackScope;
}

/** A Keystone mapping, as `PUT /v3/OS-FEDERATION/mappings/{id}` takes it. */
interface KeystoneMapping {
  readonly id: string;
  readonly schema_version: "2.0";
  readonly rules: readonly MappingRule[];
}

/** One rule: what the assertion must hold, and what it then becomes. */
interface MappingRule {
  readonly remote: readonly { type: string; any_one_of?: readonly string[]; whitelist?: readonly string[] }[];
  readonly local: readonly Readonly<Record<string, unknown>>[];
}

/** What one tenant needs on one cloud. */
interface TenantOnCloud {
  readonly tenant: TenantName;
  readonly domain: { readonly name: string; readonly description: string };
  readonly projects: readonly { readonly name: string; readonly description: string }[];
  readonly groups: readonly { readonly name: MintedName; readonly description: string }[];
  readonly assignments: readonly GroupAssignment[];
  readonly identityProvider: {
    readonly id: string;
    readonly remoteIds: readonly string[];
    readonly description: string;
    /** Minutes. */
    readonly authorizationTtl: number;
  };
  readonly mapping: KeystoneMapping;
  readonly protocol: { readonly id: "openid"; readonly mappingId: string; readonly remoteIdAttribute: string };
}

/** All that a policy wants of one cloud. */
export interface OpenStackDesired {
  readonly cloud: CloudTarget;
  readonly tenants: readonly TenantOnCloud[];
}

/** What `policy` wants of the cloud: everything but the domains and projects is a small static frame plus groups. */
export function compileOpenStack(policy: Policy, name: TargetName, at?: Instant): OpenStackDesired {
  const cloud = policy.targets.get(name);
  if (cloud?.kind !== "openstack") throw new Bug(`"${name}" is not a cloud of this policy`);
  const tenants = [...policy.tenants.values()].flatMap((tenant) => {
    const domain = tenant.domains.get(name);
    return domain === undefined ? [] : [compileTenant(policy, cloud, tenant, domain, at)];
  });
  return { cloud, tenants: tenants.sort((a, b) => (a.tenant < b.tenant ? -1 : 1)) };
}

function compileTenant(
  policy: Policy,
  cloud: CloudTarget,
  tenant: Tenant,
  domain: string,
  at: Instant | undefined,
): TenantOnCloud {
  const grants = grantsToApply(policy, tenant.name, cloud.name, at);
  const sets = [...new Map(grants.map((g) => [g.set.name, g.set])).values()].sort((a, b) =>
    a.group < b.group ? -1 : 1,
  );
  const groups = sets.map((set) => ({ name: set.group, description: `cloudpass: set ${set.name} of ${tenant.name}` }));
  const assignments = sets.flatMap((set) =>
    set.items.flatMap((item) =>
      scopesOf(item, tenant, cloud).flatMap((scope): GroupAssignment[] =>
        "domain" in scope ? [{ group: set.group, groupDomain: domain, role: item.role, scope }] : [],
      ),
    ),
  );
  const id = keystoneIdentityProvider(tenant.name);
  return {
    tenant: tenant.name,
    domain: { name: domain, description: `cloudpass: tenant ${tenant.name}` },
    projects: tenant.projects.map((project) => ({
      name: project,
      description: `cloudpass: project of ${tenant.name}`,
    })),
    groups,
    assignments: once(assignments),
    identityProvider: {
      id,
      remoteIds: [tenantUrn(tenant.name)],
      description: `cloudpass: tenant ${tenant.name}`,
      authorizationTtl: Math.ceil(cloud.authorizationTtl / 60),
    },
    mapping: {
      id,
      ...compileMapping(
        tenant.name,
        domain,
        groups.map((g) => g.name),
      ),
    },
    protocol: { id: "openid", mappingId: id, remoteIdAttribute: "OIDC-tenant" },
  };
}

const once = (assignments: readonly GroupAssignment[]): GroupAssignment[] => [
  ...new Map(assignments.map((a) => [JSON.stringify([a.group, a.role, a.scope]), a])).values(),
];

/** What may stand in a mapping: nothing that `str.format`, the `;` split or `ast.literal_eval` of Keystone's engine would read. */
const harmless = /^[A-Za-z0-9:._-]+$/;

/**
 * The mapping of one tenant (Keystone 30, keystone/federation/utils.py). Everything that counts is
 * a literal of ours: the domain stands inside `user` (beside it, the last matching rule would decide), groups pass an
 * exact whitelist, and each rule asks for the tenant again besides `remote_ids`. The whitelist is guarded by an
 * `any_one_of` on the same claim, because a whitelist that leaves nothing still matches.
 */
export function compileMapping(
  tenant: TenantName,
  domain: string,
  groups: readonly MintedName[],
): Pick<KeystoneMapping, "schema_version" | "rules"> {
  for (const literal of [tenantUrn(tenant), domain, ...groups])
    if (!harmless.test(literal)) throw new Bug(`${JSON.stringify(literal)} must not enter a mapping`);
  for (const group of groups) if (group.includes("name")) throw new Bug(`the group ${group} holds "name"`);
  const ofTenant = { type: "OIDC-tenant", any_one_of: [tenantUrn(tenant)] };
  const user: MappingRule = {
    remote: [{ type: "OIDC-sub" }, { type: "OIDC-preferred_username" }, ofTenant],
    local: [{ user: { id: "{0}", name: "{1}", type: "ephemeral", domain: { name: domain } } }],
  };
  const membership: MappingRule = {
    remote: [ofTenant, { type: "OIDC-groups", any_one_of: groups }, { type: "OIDC-groups", whitelist: groups }],
    local: [{ groups: "{0}", domain: { name: domain } }],
  };
  return { schema_version: "2.0", rules: groups.length === 0 ? [user] : [user, membership] };
}
