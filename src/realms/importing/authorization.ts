import type { Plain, PlainMap } from "../../reconcile/index.ts";
import { listOf, textOf } from "../access.ts";
import {
  authorizationPolicyKind,
  authorizationResourceKind,
  authorizationScopeKind,
  authorizationSettingsKind,
} from "../kinds/authorization.ts";
import { inner, type Kind, texts } from "../kinds/kind.ts";
import { readRoleName } from "../kinds/role.ts";
import { roleNames } from "./rights.ts";
import { type ImportSource, pick, written } from "./source.ts";

/** What a client guards, and who may; `undefined` where it has no authorization services. */
export function authorizationOf(source: ImportSource, client: string): Record<string, unknown> | undefined {
  const settings = source.all(authorizationSettingsKind).get(client)?.fields;
  if (settings === undefined) return undefined;
  const of = (kind: Kind<"authorization-scope" | "authorization-resource" | "authorization-policy">) =>
    source.ownedBy(kind, client).map(({ key: [, name], fields }) => [name, fields] as const);
  const policies = of(authorizationPolicyKind);
  const isPermission = (fields: PlainMap) => ["resource", "scope"].includes(textOf(fields["type"]));
  const entries = (list: readonly (readonly [string, Record<string, unknown>])[]) => Object.fromEntries(list);
  return {
    policyEnforcementMode: lower(settings["policyEnforcementMode"]),
    decisionStrategy: lower(settings["decisionStrategy"]),
    ...written({
      allowRemoteResourceManagement: settings["allowRemoteResourceManagement"],
      scopes: entries(of(authorizationScopeKind).map(([name, fields]) => [name, scopeOf(fields)])),
      resources: entries(of(authorizationResourceKind).map(([name, fields]) => [name, resourceOf(fields)])),
      policies: entries(
        policies.flatMap(([name, fields]) =>
          isPermission(fields) ? [] : [[name, policyOf(source, client, name, fields)]],
        ),
      ),
      permissions: entries(
        policies.flatMap(([name, fields]) => (isPermission(fields) ? [[name, permissionOf(fields)]] : [])),
      ),
    }),
  };
}

const lower = (value: Plain | undefined): string | undefined => textOf(value).toLowerCase() || undefined;

const scopeOf = ({ displayName, iconUri }: PlainMap) => written({ displayName, iconUri });

function resourceOf(fields: PlainMap): Record<string, unknown> {
  const known = [
    "name",
    "displayName",
    "type",
    "uris",
    "scopes",
    "ownerManagedAccess",
    "icon_uri",
    "attributes",
  ] as const;
  const { taken, rest } = pick(fields, ...known);
  const { name: _name, icon_uri: iconUri, ...more } = taken;
  return written({ ...more, iconUri, raw: rest });
}

/** What every policy and permission has, beside its config. */
function sharedOf(fields: PlainMap) {
  const { taken, rest } = pick(fields, "name", "type", "description", "logic", "decisionStrategy", "config");
  const { description, logic, decisionStrategy } = taken;
  return {
    description,
    logic: logic === "NEGATIVE" ? "negative" : undefined,
    decisionStrategy: decisionStrategy === "UNANIMOUS" ? undefined : lower(decisionStrategy),
    raw: rest,
  };
}

function policyOf(source: ImportSource, client: string, name: string, fields: PlainMap): Record<string, unknown> {
  const { decisionStrategy, raw, ...shared } = sharedOf(fields);
  const type = textOf(fields["type"]);
  const words = wordsOf(type, inner(fields, "config"));
  if (type === "user") {
    source.leave(`people of the policy "${name}" of client ${client}: accounts are not made from files`);
  }
  // Only an aggregate decides between several.
  const strategy = type === "aggregate" ? { decisionStrategy } : {};
  const odd =
    type === "aggregate" || decisionStrategy === undefined ? {} : { decisionStrategy: decisionStrategy.toUpperCase() };
  if (words === undefined) {
    const config = fields["config"];
    return written({ type: "custom", provider: type, ...shared, config, raw: { ...raw, ...odd } });
  }
  return written({ type, ...shared, ...strategy, ...words, raw: { ...raw, ...odd } });
}

/** A policy's config in the words of the format; `undefined` for a type that a jar brings. */
function wordsOf(type: string, config: PlainMap): Record<string, unknown> | undefined {
  const named = (list: string, name: string, by: string, flag: boolean): readonly string[] =>
    listOf(config[list]).flatMap((one) => ((one[by] === true) === flag ? [textOf(one[name])] : []));
  const roles = (required: boolean) => {
    const found = named("roles", "role", "required", required);
    return found.length === 0 ? undefined : roleNames(found.map(readRoleName));
  };
  switch (type) {
    case "role":
      return { roles: roles(false), requiredRoles: roles(true), fetchRoles: isTrue(config["fetchRoles"]) };
    case "group":
      return {
        groups: named("groups", "path", "children", false),
        groupsWithChildren: named("groups", "path", "children", true),
        groupsClaim: config["groupsClaim"],
      };
    case "user":
      return {};
    case "client":
      return { clients: texts(config["clients"]) };
    case "client-scope":
      return {
        clientScopes: named("clientScopes", "scope", "required", false),
        requiredClientScopes: named("clientScopes", "scope", "required", true),
      };
    case "time": {
      const { nbf: notBefore, noa: notOnOrAfter, ...spans } = config;
      const numbers = Object.entries(spans).map(([name, value]) => [name, Number(value)]);
      return { notBefore, notOnOrAfter, ...Object.fromEntries(numbers) };
    }
    case "regex":
      return {
        ...{ claim: config["targetClaim"], pattern: config["pattern"] },
        fromContext: isTrue(config["targetContextAttributes"]),
      };
    case "aggregate":
      return { policies: texts(config["applyPolicies"]) };
    default:
      return undefined;
  }
}

const isTrue = (value: Plain | undefined): boolean | undefined => (value === undefined ? undefined : value === "true");

function permissionOf(fields: PlainMap): Record<string, unknown> {
  const { logic, raw, ...shared } = sharedOf(fields);
  const config = inner(fields, "config");
  const known = ["resources", "defaultResourceType", "scopes", "applyPolicies"] as const;
  const { taken, rest } = pick(config, ...known);
  const isAboutScopes = fields["type"] === "scope";
  return {
    ...written({
      ...shared,
      resources: taken["resources"],
      resourceType: taken["defaultResourceType"],
      policies: taken["applyPolicies"],
      raw: { ...raw, ...written({ config: rest, logic: logic?.toUpperCase() }) },
    }),
    ...(isAboutScopes && { scopes: texts(taken["scopes"]) }),
  };
}
