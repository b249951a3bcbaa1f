import type { Plain, PlainMap } from "../../reconcile/index.ts";
import type { AuthorizationEntry } from "../format/authorization.ts";
import type { RoleNames } from "../format/vocabulary.ts";
import { parseGroupPath } from "../group-path.ts";
import type { OwnedKey, RealmIdentity, RealmResource } from "../identity.ts";
import { formatRole, identityOfRole, type RoleName, rolesIn } from "../role-name.ts";
import { defined, listed, merge } from "./fields.ts";

type Policy = AuthorizationEntry["policies"][string];
type Permission = AuthorizationEntry["permissions"][string];

/** What a client guards, and who may. */
export function desiredAuthorization(
  client: string,
  entry: AuthorizationEntry | undefined,
  dependsOn: readonly RealmIdentity[],
): RealmResource[] {
  if (entry === undefined) return [];
  const key = (name: string): OwnedKey => [client, name];
  const settings = defined({
    policyEnforcementMode: entry.policyEnforcementMode?.toUpperCase(),
    decisionStrategy: entry.decisionStrategy?.toUpperCase(),
    allowRemoteResourceManagement: entry.allowRemoteResourceManagement,
  });
  const own: Own = (kind) => (name) => ({ kind, key: key(name) });
  const policies = Object.entries(entry.policies).map(([name, one]) => [name, policyOf(one, own)] as const);
  const permissions = Object.entries(entry.permissions).map(([name, one]) => [name, permissionOf(one, own)] as const);
  return [
    { kind: "authorization-settings", key: client, fields: settings, dependsOn },
    ...Object.entries(entry.scopes).map(
      ([name, one]): RealmResource => ({
        ...{ kind: "authorization-scope", key: key(name), fields: defined({ ...one }), dependsOn },
      }),
    ),
    ...Object.entries(entry.resources).map(([name, one]): RealmResource => {
      const { displayName, type, uris, scopes, ownerManagedAccess, iconUri: icon_uri } = one;
      const said = defined({ displayName, type, uris, scopes, ownerManagedAccess, icon_uri });
      const attributes = one.attributes && { attributes: listed(one.attributes) };
      return {
        ...{ kind: "authorization-resource", key: key(name), fields: merge({ ...said, ...attributes }, one.raw) },
        dependsOn: [...dependsOn, ...(scopes ?? []).map(own("authorization-scope"))],
      };
    }),
    ...[...policies, ...permissions].map(
      ([name, { fields, needs }]): RealmResource => ({
        ...{ kind: "authorization-policy", key: key(name), fields },
        dependsOn: [...dependsOn, ...needs],
      }),
    ),
  ];
}

/** Something of the client's own, by its name. */
type Own = (
  kind: "authorization-scope" | "authorization-resource" | "authorization-policy",
) => (name: string) => RealmIdentity;

interface Guard {
  readonly fields: PlainMap;
  /** What must stand before. */
  readonly needs: readonly RealmIdentity[];
}

function policyOf(policy: Policy, own: Own): Guard {
  const { type, config, needs, decisionStrategy } = inKeycloaksWords(policy, own);
  const said = defined({
    ...{ type, description: policy.description, logic: policy.logic?.toUpperCase() },
    ...{ decisionStrategy: decisionStrategy?.toUpperCase(), config: defined(config) },
  });
  return { fields: merge(said, policy.raw), needs };
}

interface Worded {
  readonly type: string;
  readonly config: Readonly<Record<string, Plain | undefined>>;
  readonly needs: readonly RealmIdentity[];
  readonly decisionStrategy?: string | undefined;
}

function inKeycloaksWords(policy: Policy, own: Own): Worded {
  const { type } = policy;
  switch (policy.type) {
    case "role":
      return ofRoles(policy.roles, policy.requiredRoles, policy.fetchRoles);
    case "group": {
      const named = (paths: readonly string[] = [], children: boolean) => paths.map((path) => ({ path, children }));
      const groups = [...named(policy.groups, false), ...named(policy.groupsWithChildren, true)];
      const needs = groups.map(({ path }): RealmIdentity => ({ kind: "group", key: parseGroupPath(path) }));
      return { type, config: { groups, groupsClaim: policy.groupsClaim }, needs };
    }
    case "user":
      return { type, config: { users: policy.users }, needs: [] };
    case "client": {
      const needs = (policy.clients ?? []).map((key): RealmIdentity => ({ kind: "client", key }));
      return { type, config: { clients: policy.clients ?? [] }, needs };
    }
    case "client-scope": {
      const named = (scopes: readonly string[] = [], required: boolean) => scopes.map((scope) => ({ scope, required }));
      const clientScopes = [...named(policy.clientScopes, false), ...named(policy.requiredClientScopes, true)];
      const needs = clientScopes.map(({ scope }): RealmIdentity => ({ kind: "client-scope", key: scope }));
      return { type, config: { clientScopes }, needs };
    }
    case "time": {
      const { type: _t, description: _d, logic: _l, raw: _r, notBefore: nbf, notOnOrAfter: noa, ...spans } = policy;
      const texts = Object.entries(spans).map(([name, value]) => [name, value?.toString()]);
      return { type, config: { nbf, noa, ...Object.fromEntries(texts) }, needs: [] };
    }
    case "regex": {
      const { claim: targetClaim, pattern, fromContext } = policy;
      return {
        type,
        config: { targetClaim, pattern, targetContextAttributes: String(fromContext ?? false) },
        needs: [],
      };
    }
    case "aggregate": {
      const { policies = [], decisionStrategy } = policy;
      return {
        type,
        config: { applyPolicies: policies },
        needs: policies.map(own("authorization-policy")),
        decisionStrategy,
      };
    }
    case "custom":
      return { type: policy.provider, config: policy.config, needs: [] };
  }
}

function ofRoles(some: RoleNames | undefined, all: RoleNames | undefined, fetchRoles: boolean | undefined): Worded {
  const named = (names: readonly RoleName[], required: boolean) =>
    names.map((name) => ({ role: formatRole(name), required }));
  const [one, every] = [rolesIn(some), rolesIn(all)];
  const roles = [...named(one, false), ...named(every, true)];
  return {
    type: "role",
    config: { roles, fetchRoles: fetchRoles?.toString() },
    needs: [...one, ...every].map(identityOfRole),
  };
}

function permissionOf({ description, decisionStrategy, raw, ...p }: Permission, own: Own): Guard {
  const { resources = [], scopes = [], policies = [], resourceType } = p;
  const config = { resources, applyPolicies: policies, ...(p.scopes && { scopes }) };
  const said = {
    ...{ type: p.scopes === undefined ? "resource" : "scope" },
    ...defined({ description, decisionStrategy: decisionStrategy?.toUpperCase() }),
    config: { ...config, ...defined({ defaultResourceType: resourceType }) },
  };
  const needs = [
    ...resources.map(own("authorization-resource")),
    ...scopes.map(own("authorization-scope")),
    ...policies.map(own("authorization-policy")),
  ];
  return { fields: merge(said, raw), needs };
}
