import type { KeycloakAdmin } from "./keycloak-admin.ts";

/** A person at the customer's IdP. */
export interface Customer {
  readonly username: string;
  readonly password: string;
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  /** Names of groups. */
  readonly groups?: readonly string[];
  /** Sent as claims of the same names. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** How the customer's IdP shall be. */
export interface CustomerIdpOptions {
  /** Name of the realm that plays it. */
  readonly realm: string;
  /** The brokering Keycloak's realm, e.g. `http://127.0.0.1:8080/realms/scs`, and the alias it knows us by. */
  readonly brokerRealm: string;
  readonly alias: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly people: readonly Customer[];
  /** Life of its access tokens in seconds; default 60. */
  readonly accessTokenLifespan?: number;
}

/** A realm that plays a customer's identity provider, and what happens to its people. */
export interface CustomerIdp {
  readonly issuer: string;
  readonly realm: string;
  /** Stops a person from logging in, and from refreshing. */
  disable(username: string): Promise<void>;
  enable(username: string): Promise<void>;
  addToGroup(username: string, group: string): Promise<void>;
  removeFromGroup(username: string, group: string): Promise<void>;
  remove(): Promise<void>;
}

/** Makes the realm in one request: client with secret, groups in ID token and userinfo, people with cheaply hashed passwords. */
export async function createCustomerIdp(admin: KeycloakAdmin, options: CustomerIdpOptions): Promise<CustomerIdp> {
  const { realm, people } = options;
  const groups = [...new Set(people.flatMap((p) => p.groups ?? []))];
  const attributes = [...new Set(people.flatMap((p) => Object.keys(p.attributes ?? {})))];
  await admin.call("POST", "", {
    realm,
    enabled: true,
    // One iteration: a hundred logins in a test spend their time elsewhere.
    passwordPolicy: "hashIterations(1) and hashAlgorithm(pbkdf2-sha256)",
    accessTokenLifespan: options.accessTokenLifespan ?? 60,
    groups: groups.map((name) => ({ name })),
    users: people.map((p) => userOf(realm, p)),
    clients: [clientOf(options, attributes)],
  });
  // Undeclared attributes would be dropped silently; and people need neither address nor family name to log in.
  const profile = await admin.get(`/${realm}/users/profile`);
  const declared = profile["attributes"] as Record<string, unknown>[];
  const attributesOfPeople = declared.map(({ required: _required, ...attribute }) => attribute);
  const unmanagedAttributePolicy = "ADMIN_EDIT";
  await admin.call("PUT", `/${realm}/users/profile`, {
    ...profile,
    attributes: attributesOfPeople,
    unmanagedAttributePolicy,
  });
  for (const p of people.filter((q) => q.attributes)) await setAttributes(admin, realm, p);
  const setEnabled = async (username: string, enabled: boolean) => {
    const user = await findUser(admin, realm, username);
    await admin.call("PUT", `/${realm}/users/${String(user["id"])}`, { ...user, enabled });
  };
  const membership = async (method: string, username: string, group: string) => {
    const user = await findUser(admin, realm, username);
    const found = await admin.get(`/${realm}/group-by-path/${encodeURIComponent(group)}`);
    await admin.call(method, `/${realm}/users/${String(user["id"])}/groups/${String(found["id"])}`);
  };
  return {
    issuer: `${admin.url}/realms/${realm}`,
    realm,
    disable: (username) => setEnabled(username, false),
    enable: (username) => setEnabled(username, true),
    addToGroup: (username, group) => membership("PUT", username, group),
    removeFromGroup: (username, group) => membership("DELETE", username, group),
    remove: async () => {
      await admin.call("DELETE", `/${realm}`);
    },
  };
}

const userOf = (realm: string, p: Customer) => ({
  username: p.username,
  enabled: true,
  email: p.email ?? `${p.username}@${p.username}.example`,
  emailVerified: true,
  firstName: p.firstName ?? p.username,
  lastName: p.lastName ?? "Example",
  groups: (p.groups ?? []).map((g) => `/${g}`),
  // People in a realm's import get no default role by themselves, and without it no offline tokens.
  realmRoles: [`default-roles-${realm}`],
  credentials: [{ type: "password", value: p.password, temporary: false }],
});

function clientOf({ brokerRealm, alias, clientId, clientSecret }: CustomerIdpOptions, attributes: readonly string[]) {
  const everywhere = { "id.token.claim": "true", "access.token.claim": "true", "userinfo.token.claim": "true" };
  const mapper = (name: string, protocolMapper: string, config: Record<string, string>) => ({
    name,
    protocol: "openid-connect",
    protocolMapper,
    config: { ...everywhere, "claim.name": name, ...config },
  });
  return {
    clientId,
    secret: clientSecret,
    publicClient: false,
    standardFlowEnabled: true,
    directAccessGrantsEnabled: false,
    redirectUris: [`${brokerRealm}/broker/${alias}/endpoint`],
    protocolMappers: [
      mapper("groups", "oidc-group-membership-mapper", { "full.path": "false" }),
      ...attributes.map((name) =>
        mapper(name, "oidc-usermodel-attribute-mapper", { "user.attribute": name, "jsonType.label": "String" }),
      ),
    ],
  };
}

async function findUser(admin: KeycloakAdmin, realm: string, username: string): Promise<Record<string, unknown>> {
  const [user] = await admin.list(`/${realm}/users?exact=true&username=${encodeURIComponent(username)}`);
  if (user === undefined) throw new Error(`no "${username}" in realm ${realm}`);
  return user;
}

async function setAttributes(admin: KeycloakAdmin, realm: string, p: Customer): Promise<void> {
  const user = await findUser(admin, realm, p.username);
  const attributes = Object.fromEntries(Object.entries(p.attributes ?? {}).map(([name, value]) => [name, [value]]));
  await admin.call("PUT", `/${realm}/users/${String(user["id"])}`, { ...user, attributes });
}
