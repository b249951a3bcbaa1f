import { type Fields, type Hand, named } from "../../realms-corpus/hand.ts";

/** A realm as it stands between two runs: what it gives to whom, and which flows are used. */
export interface StandingRealm {
  /** One line for each right, way in or scope that somebody or something has. */
  readonly rights: ReadonlySet<string>;
  /** By its use, the flow that is used there, as the text of its steps. */
  readonly flows: ReadonlyMap<string, string>;
}

/** Looks at a realm by Keycloak's own word. */
export async function standing(hand: Hand): Promise<StandingRealm> {
  const whole = (await hand.ask("POST", "/partial-export?exportClients=true&exportGroupsAndRoles=true")) as Fields;
  const clients = fieldsIn(whole["clients"]);
  const rights = [
    ...clients.flatMap(rightsOfClient),
    ...scopeMappings(whole),
    ...rightsOfGroups(fieldsIn(whole["groups"])),
    ...rightsOfRoles((whole["roles"] ?? {}) as Fields),
    ...textsIn(whole["defaultGroups"]).map((path) => `everybody is in ${path}`),
    ...(await rightsOfAccounts(hand, clients)),
  ];
  return { rights: new Set(rights), flows: flowsInUse(whole, clients) };
}

const fieldsIn = (value: unknown): readonly Fields[] => (value ?? []) as readonly Fields[];
const textsIn = (value: unknown): readonly string[] => (value ?? []) as readonly string[];

function rightsOfClient(client: Fields): string[] {
  const who = `client ${String(client["clientId"])}`;
  const switches = ["fullScopeAllowed", "directAccessGrantsEnabled", "implicitFlowEnabled", "serviceAccountsEnabled"];
  const authorization = (client["authorizationSettings"] ?? {}) as Fields;
  return [
    ...[...switches, "publicClient"].filter((name) => client[name] === true).map((name) => `${who} ${name}`),
    ...textsIn(client["redirectUris"]).map((address) => `${who} returns to ${address}`),
    ...textsIn(client["webOrigins"]).map((origin) => `${who} is called from ${origin}`),
    ...[...textsIn(client["defaultClientScopes"]), ...textsIn(client["optionalClientScopes"])].map(
      (scope) => `${who} gets ${scope}`,
    ),
    ...(authorization["policyEnforcementMode"] === "ENFORCING" || client["authorizationSettings"] === undefined
      ? []
      : [`${who} lets pass what nobody permits`]),
    ...fieldsIn(authorization["policies"]).map((policy) => `${who} has policy ${String(policy["name"])}`),
  ];
}

function scopeMappings(whole: Fields): string[] {
  const ofClients = Object.entries((whole["clientScopeMappings"] ?? {}) as Record<string, readonly Fields[]>);
  const all = [["realm", fieldsIn(whole["scopeMappings"])] as const, ...ofClients];
  return all.flatMap(([of, mappings]) =>
    mappings.flatMap((one) =>
      textsIn(one["roles"]).map(
        (role) => `tokens of ${String(one["client"] ?? one["clientScope"])} may carry ${of} ${role}`,
      ),
    ),
  );
}

const held = (who: string, { realm, clients, client }: Fields): string[] => [
  ...textsIn(realm).map((role) => `${who} has realm ${role}`),
  ...Object.entries((clients ?? client ?? {}) as Record<string, readonly string[]>).flatMap(([of, roles]) =>
    roles.map((role) => `${who} has ${of} ${role}`),
  ),
];

const rightsOfGroups = (groups: readonly Fields[]): string[] =>
  groups.flatMap((group) => [
    ...held(`group ${String(group["path"])}`, { realm: group["realmRoles"], clients: group["clientRoles"] }),
    ...rightsOfGroups(fieldsIn(group["subGroups"])),
  ]);

function rightsOfRoles(roles: Fields): string[] {
  const ofClients = Object.entries((roles["client"] ?? {}) as Record<string, readonly Fields[]>);
  return [["realm", fieldsIn(roles["realm"])] as const, ...ofClients].flatMap(([of, list]) =>
    list.flatMap((role) => held(`role ${of} ${String(role["name"])}`, (role["composites"] ?? {}) as Fields)),
  );
}

async function rightsOfAccounts(hand: Hand, clients: readonly Fields[]): Promise<string[]> {
  const withAccount = clients.filter((client) => client["serviceAccountsEnabled"] === true);
  const rights = withAccount.map(async ({ id, clientId }) => {
    const account = String((await hand.get(`/clients/${String(id)}/service-account-user`))["id"]);
    const [roles, groups] = await Promise.all([
      hand.get(`/users/${account}/role-mappings`),
      hand.list(`/users/${account}/groups`),
    ]);
    const ofClients = Object.entries((roles["clientMappings"] ?? {}) as Record<string, Fields>);
    const names = (list: unknown) => fieldsIn(list).map((role) => role["name"]);
    return [
      ...held(`account of ${String(clientId)}`, {
        realm: names(roles["realmMappings"]),
        clients: Object.fromEntries(ofClients.map(([of, one]) => [of, names(one["mappings"])])),
      }),
      ...groups.map((group) => `account of ${String(clientId)} is in ${String(group["path"])}`),
    ];
  });
  return (await Promise.all(rights)).flat();
}

/** Realm and clients use each flow whole: a replacement that is under way is one under another name. */
function flowsInUse(whole: Fields, clients: readonly Fields[]): ReadonlyMap<string, string> {
  const flows = fieldsIn(whole["authenticationFlows"]);
  const ofRealm = Object.entries(whole).flatMap(([use, alias]): [string, string][] =>
    use.endsWith("Flow") && typeof alias === "string" ? [[use, stepsIn(flows, "alias", alias)]] : [],
  );
  const ofClients = clients.flatMap((client) =>
    Object.entries((client["authenticationFlowBindingOverrides"] ?? {}) as Record<string, string>).map(
      ([use, id]): [string, string] => [`${use} of ${String(client["clientId"])}`, stepsIn(flows, "id", id)],
    ),
  );
  return new Map([...ofRealm, ...ofClients]);
}

function stepsIn(flows: readonly Fields[], member: "alias" | "id", value: string): string {
  const flow = named(flows, member, value);
  const steps = fieldsIn(flow["authenticationExecutions"]).map((step): unknown => [
    step["requirement"],
    step["authenticationFlow"] === true ? stepsIn(flows, "alias", String(step["flowAlias"])) : step["authenticator"],
    typeof step["authenticatorConfig"] === "string" && "configured",
  ]);
  return JSON.stringify(steps);
}

/** Answers the status of the page on which people of the realm log in to their account. */
export async function loginPage(url: string, realm: string): Promise<number> {
  const at = `${url}/realms/${realm}`;
  const asked = new URLSearchParams({
    ...{ client_id: "account-console", redirect_uri: `${at}/account/`, response_type: "code", scope: "openid" },
    ...{ code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" },
  });
  const answer = await fetch(`${at}/protocol/openid-connect/auth?${String(asked)}`, { redirect: "manual" });
  return answer.status;
}
