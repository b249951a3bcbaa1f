import {
  authenticators,
  clientPolicyConditions,
  clientPolicyExecutors,
  identityProviderMappers,
  protocolMappers,
  requiredActions,
} from "../format/known.ts";

/** `extensions` of the file: what the realm uses that a Keycloak without further jars has not. */
export function extensionsOf(document: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const clients = valuesOf(document["clients"]);
  const owners = [...clients, ...valuesOf(document["clientScopes"]), ...valuesOf(document["upstreams"])];
  const policies = clients.flatMap((client) => valuesOf(member(member(client, "authorization"), "policies")));
  const found = {
    mappers: unknownOf(membersOf(owners, "mappers", "mapper"), [
      ...identityProviderMappers,
      ...protocolMappers["openid-connect"],
      ...protocolMappers.saml,
    ]),
    authenticators: unknownOf(
      valuesOf(document["flows"]).flatMap((flow) => providersIn(member(flow, "steps"))),
      authenticators,
    ),
    // A policy of a type of Keycloak's own has words for its type.
    policies: unknownOf(
      policies.map((policy) => member(policy, "provider")),
      [],
    ),
    executors: unknownOf(
      membersOf(valuesOf(document["clientProfiles"]), "executors", "executor"),
      clientPolicyExecutors,
    ),
    conditions: unknownOf(
      membersOf(valuesOf(document["clientPolicies"]), "conditions", "condition"),
      clientPolicyConditions,
    ),
    requiredActions: unknownOf(Object.keys(document["requiredActions"] ?? {}), requiredActions),
  };
  return Object.fromEntries(Object.entries(found).filter(([, names]) => names.length > 0));
}

const unknownOf = (names: readonly unknown[], known: readonly string[]): string[] =>
  [...new Set(names)].filter((name): name is string => typeof name === "string" && !known.includes(name)).sort();

/** What `name` is in each of the things that each owner has under `list`. */
const membersOf = (owners: readonly unknown[], list: string, name: string): unknown[] =>
  owners.flatMap((owner) => valuesOf(member(owner, list)).map((one) => member(one, name)));

const valuesOf = (map: unknown): unknown[] => (typeof map === "object" && map !== null ? Object.values(map) : []);
const member = (map: unknown, name: string): unknown =>
  typeof map === "object" && map !== null && Object.hasOwn(map, name)
    ? (map as Record<string, unknown>)[name]
    : undefined;

function providersIn(steps: unknown): unknown[] {
  return valuesOf(steps).flatMap((step) => [
    member(step, "does"),
    member(step, "form"),
    ...providersIn(member(step, "steps")),
  ]);
}
