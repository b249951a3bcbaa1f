import type { Fields, Hand } from "../hand.ts";

/**
 * Everything that Keycloak tells of a realm: its own export, and what an export leaves out read apart. Ids, dates and
 * numbering are still in it; `comparable` takes them away. Keycloak answers 500 to a read while it forgets another realm:
 * it is asked once more then.
 */
export const readWhole = (hand: Hand): Promise<Fields> =>
  readOnce(hand).catch((thrown: unknown) => {
    if (!String(thrown).includes("HTTP 500")) throw thrown;
    return readOnce(hand);
  });

async function readOnce(hand: Hand): Promise<Fields> {
  const whole = (await hand.ask("POST", "/partial-export?exportClients=true&exportGroupsAndRoles=true")) as Fields;
  const [profile, policies, profiles, texts, requiredActions, organizations, clients, clientScopes, groups] =
    await Promise.all([
      hand.get("/users/profile"),
      hand.get("/client-policies/policies"),
      hand.get("/client-policies/profiles"),
      textsOf(hand),
      requiredActionsOf(hand),
      whole["organizationsEnabled"] === true ? organizationsOf(hand) : [],
      clientsOf(hand),
      scopesOf(hand),
      hand.list("/default-groups"),
    ]);
  const apart = { profile, policies, profiles, texts, requiredActions, organizations, clients, clientScopes };
  return { export: whole, apart: { ...apart, defaultGroups: groups.map((it) => it["path"]) } };
}

const names = (list: readonly Fields[]): unknown[] => list.map((it) => it["name"]);

async function textsOf(hand: Hand): Promise<Fields> {
  const locales = (await hand.list("/localization")) as unknown as string[];
  const read = async (locale: string) =>
    [locale, await hand.get(`/localization/${encodeURIComponent(locale)}`)] as const;
  return Object.fromEntries(await Promise.all(locales.map(read)));
}

async function requiredActionsOf(hand: Hand): Promise<Fields[]> {
  const actions = await hand.list("/authentication/required-actions");
  const config = async (action: Fields) => {
    if (action["configurable"] === false) return action;
    const path = `/authentication/required-actions/${encodeURIComponent(String(action["alias"]))}/config`;
    return { ...action, configuration: await hand.get(path).catch(() => undefined) };
  };
  return Promise.all(actions.map(config));
}

async function organizationsOf(hand: Hand): Promise<Fields[]> {
  const list = await hand.list("/organizations?max=1000");
  const whole = async ({ id }: Fields) => {
    const [organization, providers, groups] = await Promise.all([
      hand.get(`/organizations/${String(id)}`),
      hand.list(`/organizations/${String(id)}/identity-providers`),
      // Older versions have none.
      groupsOf(hand, `/organizations/${String(id)}/groups`).catch(() => []),
    ]);
    return { ...organization, identityProviders: providers.map((it) => it["alias"]), groups };
  };
  return Promise.all(list.map(whole));
}

/** A tree: what is listed below a group is brief, so each is asked for. */
async function groupsOf(hand: Hand, path: string, at = path): Promise<Fields[]> {
  const whole = async ({ id }: Fields) => {
    const [group, subGroups] = await Promise.all([
      hand.get(`${path}/${String(id)}`),
      groupsOf(hand, path, `${path}/${String(id)}/children`),
    ]);
    return { ...group, subGroups };
  };
  return Promise.all((await hand.list(`${at}?max=1000`)).map(whole));
}

async function clientsOf(hand: Hand): Promise<Fields[]> {
  const list = await hand.list("/clients?max=10000");
  return Promise.all(list.map((client) => clientOf(hand, client)));
}

/** The client of administrators' own permissions: of what it guards Keycloak tells in its export, and asking for its account makes one. */
const guardsAdministration = (client: Fields): boolean => client["clientId"] === "admin-permissions";

async function clientOf(hand: Hand, client: Fields): Promise<Fields> {
  const at = `/clients/${String(client["id"])}`;
  const roles = `${at}/evaluate-scopes/scope-mappings/${encodeURIComponent(hand.realm)}/granted?scope=openid`;
  const isApart = guardsAdministration(client);
  const [scopeMappings, granted, account, authorization] = await Promise.all([
    hand.get(`${at}/scope-mappings`),
    hand.list(roles),
    client["serviceAccountsEnabled"] === true && !isApart ? accountOf(hand, at) : undefined,
    client["authorizationServicesEnabled"] === true && !isApart ? authorizationOf(hand, at) : undefined,
  ]);
  return {
    ...{ clientId: client["clientId"], secret: client["secret"], attributes: client["attributes"] },
    ...{ scopeMappings, granted: names(granted), account, authorization },
  };
}

/** Those of the client behind fine-grained administration are not told. */
const authorizationOf = (hand: Hand, client: string): Promise<unknown> =>
  hand.get(`${client}/authz/resource-server/settings`).catch(() => "not told by Keycloak");

async function accountOf(hand: Hand, client: string): Promise<Fields> {
  const user = await hand.get(`${client}/service-account-user`);
  const [roles, groups, whole] = await Promise.all([
    hand.get(`/users/${String(user["id"])}/role-mappings`),
    hand.list(`/users/${String(user["id"])}/groups`),
    hand.get(`/users/${String(user["id"])}`),
  ]);
  return { ...whole, roles, groups: groups.map((it) => it["path"]) };
}

async function scopesOf(hand: Hand): Promise<Fields[]> {
  const list = await hand.list("/client-scopes");
  const whole = async (scope: Fields) => ({
    name: scope["name"],
    scopeMappings: await hand.get(`/client-scopes/${String(scope["id"])}/scope-mappings`),
  });
  return Promise.all(list.map(whole));
}
