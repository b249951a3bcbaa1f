import type { KeycloakAdmin } from "./keycloak-admin.ts";

type Fields = Record<string, unknown>;

/** A realm as Keycloak itself answers it, by kind and name, without what is never twice the same. */
export type RealmAsItIs = Readonly<Record<string, unknown>>;

/** Ids, times, keys and secrets, and what hangs on the realm's name. */
const never = new Set([
  ...["id", "internalId", "containerId", "parentId", "access", "keycloakVersion", "realm", "organizationId"],
  ...["secret", "client.secret.creation.time", "saml.signing.certificate", "saml.signing.private.key", "kid"],
  ...["saml.artifact.binding.identifier", "members", "createdTimestamp", "privateKey", "certificate"],
]);
/** Their order says something. */
const ordered = new Set(["authenticationExecutions", "attributes"]);

/** Reads all of a realm by the admin API. Nothing of the product is asked. */
export async function realmAsItIs(admin: KeycloakAdmin, realm: string): Promise<RealmAsItIs> {
  const at = `/${encodeURIComponent(realm)}`;
  const exported = (await admin.call(
    "POST",
    `${at}/partial-export?exportClients=true&exportGroupsAndRoles=true`,
  )) as Fields;
  const clients = await admin.list(`${at}/clients`);
  const machines: Fields = {};
  for (const { id, clientId, serviceAccountsEnabled } of clients) {
    if (serviceAccountsEnabled !== true) continue;
    const account = await admin.get(`${at}/clients/${String(id)}/service-account-user`);
    machines[String(clientId)] = await admin.get(`${at}/users/${String(account["id"])}/role-mappings`);
  }
  const organizations: Fields = {};
  const all = exported["organizationsEnabled"] === true ? await admin.list(`${at}/organizations?max=1000`) : [];
  for (const { id, alias } of all) {
    organizations[String(alias)] = {
      ...(await admin.get(`${at}/organizations/${String(id)}`)),
      providers: (await admin.list(`${at}/organizations/${String(id)}/identity-providers`)).map((p) => p["alias"]),
    };
  }
  const profile = await admin.get(`${at}/users/profile`);
  const { components, ...rest } = exported;
  const { "org.keycloak.userprofile.UserProfileProvider": _profile, ...others } = components as Fields;
  return tidy({ ...rest, components: others, machines, organizations, profile }, "", realm) as RealmAsItIs;
}

function tidy(value: unknown, name: string, realm: string): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => tidy(item, "", realm));
    const named = items.map((item) => [nameOf(item), item] as const);
    if (!ordered.has(name) && items.length > 0 && named.every(([key]) => key !== undefined))
      return Object.fromEntries(named.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1)));
    return ordered.has(name) ? items : items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value === "string") return value.replaceAll(realm, "<realm>");
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      // Not said, and said to be nothing, are one to Keycloak.
      .filter(([key, inner]) => !never.has(key) && !key.startsWith("cloudpass.l") && !isNothing(key, inner))
      .map(([key, inner]) => [key, tidy(inner, key, realm)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What an identity provider is when nobody says so, and a session's length that is the realm's. */
const off = new Set(["addReadTokenRoleOnCreate", "hideOnLogin", "linkOnly", "storeToken", "trustEmail"]);
const isNothing = (name: string, value: unknown): boolean =>
  value === "" ||
  value === null ||
  value === undefined ||
  (value === false && off.has(name)) ||
  (value === "0" && /^client(Offline)?Session/.test(name));

function nameOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  const fields = item as Fields;
  const own = ["clientId", "alias", "name", "clientScope", "client"].map((key) => fields[key]);
  const name = own.find((one) => typeof one === "string");
  const under = fields["identityProviderAlias"] ?? fields["subType"] ?? "";
  return name === undefined ? undefined : `${String(under)}/${String(name)}`;
}
