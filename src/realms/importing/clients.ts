import { formatKey, type Plain, type PlainMap } from "../../reconcile/index.ts";
import { textOf } from "../access.ts";
import { accountScope } from "../client-scopes.ts";
import { permissionsClient, unchangeableClients as unchangeable } from "../format/known.ts";
import { clientKind } from "../kinds/client.ts";
import { serviceAccountGroupKind, serviceAccountKind, serviceAccountRoleKind } from "../kinds/client-account.ts";
import { clientScopeAssignmentKind, clientScopeKind, defaultClientScopeKind } from "../kinds/client-scope.ts";
import { inner, texts } from "../kinds/kind.ts";
import { clientMapperKind } from "../kinds/mapper.ts";
import { newClient } from "../kinds/new-client.ts";
import { clientRoleScopeKind } from "../kinds/role-scope.ts";
import { type RoleName, roleOf } from "../role-name.ts";
import { authorizationOf } from "./authorization.ts";
import { mappersOf } from "./mappers.ts";
import { defaultRoleOf, roleNames } from "./rights.ts";
import { scopeMappingsOf } from "./scope-mappings.ts";
import { type ImportSource, pick, takenAway, written } from "./source.ts";

/** Words of the format for fields of a client. */
const words = {
  name: "name",
  description: "description",
  publicClient: "public",
  redirectUris: "redirects",
  webOrigins: "webOrigins",
  standardFlowEnabled: "codeFlow",
  implicitFlowEnabled: "implicitFlow",
  directAccessGrantsEnabled: "passwordGrant",
  serviceAccountsEnabled: "machine",
} as const;

/** `clients` of the file: those that somebody made, and those of Keycloak's own that are otherwise here. */
export function clientsOf(source: ImportSource): Record<string, unknown> {
  const mappers = mappersOf(source, clientMapperKind);
  const changed = source.changed(clientKind);
  return Object.fromEntries(
    [...source.all(clientKind).values()].flatMap(({ key: clientId, fields: whole }) => {
      const builtin = source.builtin(clientKind, clientId) !== undefined;
      const own = changed.get(clientId);
      const scopes = builtin ? changedScopes(source, clientId) : scopesOf(source, clientId, whole);
      const its = {
        mappers: mappers.get(clientId) ?? {},
        ...written({ scopes: written(scopes) }),
        ...scopeMappingsOf(source, clientRoleScopeKind, clientId),
      };
      const isAsItComes =
        builtin && own === undefined && Object.keys(its.mappers).length === 0 && Object.keys(its).length === 1;
      if (!isAsItComes && builtin && unchangeable.has(clientId)) {
        source.leave(`what was changed of client ${clientId}, which Keycloak lets nobody change`);
        return [];
      }
      return isAsItComes
        ? []
        : [[clientId, clientOf(source, clientId, builtin ? whole : undefined, own?.fields ?? {}, its)]];
    }),
  );
}

/** `whole`: all fields of one that every realm has, of which `fields` are those that differ. */
function clientOf(
  source: ImportSource,
  clientId: string,
  whole: PlainMap | undefined,
  fields: PlainMap,
  its: Readonly<Record<string, unknown>>,
): unknown {
  const { taken, rest } = pick(
    // What the format takes for shut or open where nothing is said is said.
    { ...pick(whole ?? {}, ...assumed).taken, ...fields } as PlainMap,
    ...["clientId", "protocol", "enabled", "fullScopeAllowed", "defaultClientScopes", "optionalClientScopes"],
    "authorizationServicesEnabled",
    ...["authenticationFlowBindingOverrides", ...Object.keys(words)],
  );
  const flows = (taken["authenticationFlowBindingOverrides"] ?? {}) as PlainMap;
  const redirects = texts(taken["redirectUris"]);
  const typed = Object.entries(words).map(([field, word]) => [word, taken[field as keyof typeof taken]] as const);
  return {
    ...written({
      template: "custom",
      protocol: taken["protocol"],
      enabled: taken["enabled"],
      ...Object.fromEntries(typed),
      ...(redirects.some((one) => one.includes("*")) && { allowWildcardRedirects: true }),
      ...(whole === undefined &&
        hasSecret(taken, rest) && {
          secret: source.secret(["clients", clientId], [clientId, "client", "secret"]),
        }),
      fullScopeAllowed: taken["fullScopeAllowed"],
      ...its,
      flows: written({ browser: flows["browser"], directGrant: flows["direct_grant"] }),
      machineRoles: machineRoles(source, clientId),
      ...machineAccountOf(source, clientId),
      authorization: authorizationOf(source, clientId),
      raw: { ...withoutUsual(whole === undefined ? withNotGiven(taken, rest) : rest), ...takenAway(taken) },
    }),
    // Of a client with an address, Keycloak takes no redirects for all of them.
    ...(redirects.length === 0 && rest["rootUrl"] !== undefined && { redirects: [], webOrigins: webOriginsOf(taken) }),
  };
}

/** What Keycloak makes of a client that says nothing about it. */
const usual: PlainMap = { notBefore: 0, nodeReRegistrationTimeout: -1 };

const withoutUsual = (fields: PlainMap): PlainMap =>
  Object.fromEntries(Object.entries(fields).filter(([name, value]) => usual[name] !== value));

/** With what Keycloak would give to a new client, and this one has not. */
function withNotGiven(taken: Taken, rest: PlainMap): PlainMap {
  const has = inner(rest, "attributes");
  const given = [...Object.keys(inner(newClient(taken["protocol"]), "attributes")), ...keysMadeFor(has)];
  const lacks = given.filter((name) => !Object.hasOwn(has, name)).map((name) => [name, null]);
  return lacks.length === 0 ? rest : { ...rest, attributes: { ...has, ...Object.fromEntries(lacks) } };
}

/** Of a SAML client that shall sign, and shows no certificate, Keycloak makes both. */
const keysMadeFor = ({ "saml.client.signature": signs }: PlainMap): readonly string[] =>
  signs === "true" ? ["saml.signing.certificate", "saml.signing.private.key"] : [];

/** Fields whose value the format assumes where a file does not say it. */
const assumed = [
  ...(["protocol", "enabled", "publicClient", "implicitFlowEnabled"] as const),
  ...(["directAccessGrantsEnabled", "serviceAccountsEnabled"] as const),
];

type Taken = Readonly<Partial<PlainMap>>;

const webOriginsOf = (taken: Taken): readonly string[] => texts(taken["webOrigins"]);

const hasSecret = (taken: Taken, rest: PlainMap): boolean =>
  taken["protocol"] === "openid-connect" &&
  taken["publicClient"] === false &&
  rest["bearerOnly"] !== true &&
  ["client-secret", "client-secret-jwt"].includes(String(rest["clientAuthenticatorType"]));

/** What it has besides the realm's default scopes, and which of those it has not. */
function scopesOf(source: ImportSource, clientId: string, client: Taken): Record<string, string[]> {
  const protocol = textOf(client["protocol"]) || "openid-connect";
  const ofRealm = [...source.all(defaultClientScopeKind)].map(([scope, { fields }]) => [scope, fields["assigned"]]);
  const ofAccount = client["serviceAccountsEnabled"] === true ? [[accountScope, "default"]] : [];
  const given = new Map([...ofRealm, ...ofAccount] as [string, Plain | undefined][]);
  const scopes = source.all(clientScopeKind);
  const assigned = new Map(
    source
      .ownedBy(clientScopeAssignmentKind, clientId)
      .map(({ key: [, scope], fields }) => [scope, fields["assigned"]]),
  );
  const besides = [...assigned].filter(([scope, how]) => given.get(scope) !== how);
  const named = (how: string) => besides.flatMap(([scope, one]) => (one === how ? [scope] : [])).sort();
  const none = [...given.keys()].filter(
    (scope) => !assigned.has(scope) && scopes.has(scope) && protocolOf(scopes.get(scope)) === protocol,
  );
  return { default: named("default"), optional: named("optional"), none: none.sort() };
}

const protocolOf = (found: { readonly fields: PlainMap } | undefined): string =>
  textOf(found?.fields["protocol"]) || "openid-connect";

/** What a client that every realm has was given here, and what was taken from it. */
function changedScopes(source: ImportSource, clientId: string): Record<string, string[]> {
  const found = { default: [] as string[], optional: [] as string[], none: [] as string[] };
  for (const { key, fields } of source.changed(clientScopeAssignmentKind).values()) {
    const [owner, scope] = key;
    if (owner === clientId) found[fields["assigned"] === "default" ? "default" : "optional"].push(scope);
  }
  const scopes = source.all(clientScopeKind);
  for (const { key } of source.missing(clientScopeAssignmentKind)) {
    const [owner, scope] = key;
    // With a scope that is gone it goes by itself.
    if (owner === clientId && scopes.has(scope)) found.none.push(scope);
  }
  return found;
}

/** Groups of its account, and what that is described by. */
function machineAccountOf(source: ImportSource, clientId: string): Record<string, unknown> {
  const groups = source
    .ownedBy(serviceAccountGroupKind, clientId)
    .map(({ key: [, group] }) => (group.path.some((name) => name.includes("/")) ? group.path : formatKey(group)));
  const found = source.all(serviceAccountKind).get(clientId)?.fields ?? {};
  const { taken, rest } = pick(found, "email", "firstName", "lastName", "attributes");
  const raw = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== false));
  return { machineGroups: groups, machineAccount: written({ ...taken, raw }) };
}

function machineRoles(source: ImportSource, clientId: string): unknown {
  const byDefault = defaultRoleOf(source);
  const all = source.ownedBy(serviceAccountRoleKind, clientId).map(({ key: [, ...role] }): RoleName => roleOf(role));
  const held = all.filter(({ client, role }) => client !== undefined || role !== byDefault);
  const hasAccount = clientId !== permissionsClient && source.all(serviceAccountKind).has(clientId);
  if (hasAccount && held.length === all.length) {
    source.leave(
      `that the account of client ${clientId} lacks the role ${byDefault}: Keycloak gives it to every new one`,
    );
  }
  return held.length === 0 ? undefined : roleNames(held);
}
