import { systemClock } from "../../src/core/index.ts";
import type { KeycloakConnection } from "../../src/realms/index.ts";

/** Everything of a realm that has a name, in order: shows what was doubled or lost. */
export type Inventory = () => Promise<readonly string[]>;

/** Lists of an export in which something of ours may stand. */
const lists = [
  "clients",
  "clientScopes",
  "groups",
  "authenticationFlows",
  "identityProviders",
  "identityProviderMappers",
];
const nameFields = ["clientId", "alias", "name", "authenticator"];

/** Opens a realm of a Keycloak for looking. Plain requests on purpose: the driver is what is tested. */
export function inventoryOf({ url, credentials }: KeycloakConnection, realm: string): Inventory {
  if (credentials.kind !== "client") throw new Error("an account of a machine is needed: it is asked often");
  const form = {
    grant_type: "client_credentials",
    client_id: credentials.clientId,
    client_secret: credentials.secret.reveal(),
  };
  let token: { readonly text: string; readonly until: number } | undefined;
  const bearer = async (): Promise<string> => {
    if (token !== undefined && systemClock.millis() < token.until) return token.text;
    const body = new URLSearchParams(form);
    const answer = await fetch(`${url}/realms/master/protocol/openid-connect/token`, { method: "POST", body });
    token = {
      text: String(((await answer.json()) as Record<string, unknown>)["access_token"]),
      until: systemClock.millis() + 40_000,
    };
    return token.text;
  };
  const read = async (method: string, path: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${await bearer()}` };
    const answer = await fetch(`${url}/admin/realms/${realm}/${path}`, { method, headers });
    if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status}`);
    return answer.json();
  };
  return async () => {
    const [all, organizations] = await Promise.all([
      read("POST", "partial-export?exportClients=true&exportGroupsAndRoles=true"),
      read("GET", "organizations?max=1000"),
    ]);
    const found = all as Record<string, unknown>;
    const roles = Object.values((found["roles"] ?? {}) as object).flatMap((it) =>
      Array.isArray(it) ? it : Object.values(it).flat(),
    );
    const components = Object.values((found["components"] ?? {}) as object).flat();
    const parts = { ...Object.fromEntries(lists.map((name) => [name, found[name]])), roles, organizations, components };
    return Object.entries(parts)
      .flatMap(([name, list]) => named(list, name))
      .filter(lasting)
      .sort();
  };
}

/** The lease of a run that died stays until somebody takes it over; the nameless component is the user profile's. */
const lasting = (line: string): boolean => !line.includes("cloudpass-lease") && line !== "components/";

/** Names in a list of maps, and in the lists within them. */
function named(value: unknown, at: string): string[] {
  if (Array.isArray(value)) return value.flatMap((it) => named(it, at));
  if (typeof value !== "object" || value === null) return [];
  const fields = value as Record<string, unknown>;
  const name = nameFields.map((field) => fields[field]).find((it) => typeof it === "string");
  const here = `${at}/${String(name ?? "")}`;
  return [
    here,
    ...Object.entries(fields).flatMap(([field, it]) => (Array.isArray(it) ? named(it, `${here}/${field}`) : [])),
  ];
}
