import { authenticators, identityProviderMappers, protocolMappers, requiredActions } from "../format/known.ts";

/** `extensions` of the file: what the realm uses that a Keycloak without further jars has not. */
export function extensionsOf(document: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const mappers = [document["clients"], document["clientScopes"], document["upstreams"]].flatMap((section) =>
    valuesOf(section).flatMap((owner) => valuesOf(inMap(owner, "mappers")).map((mapper) => inMap(mapper, "mapper"))),
  );
  const steps = valuesOf(document["flows"]).flatMap((flow) => providersIn(inMap(flow, "steps")));
  const known = [...identityProviderMappers, ...protocolMappers["openid-connect"], ...protocolMappers.saml];
  const found = {
    mappers: unknownOf(mappers, known),
    authenticators: unknownOf(steps, authenticators),
    requiredActions: unknownOf(Object.keys(document["requiredActions"] ?? {}), requiredActions),
  };
  return Object.fromEntries(Object.entries(found).filter(([, names]) => names.length > 0));
}

const unknownOf = (names: readonly unknown[], known: readonly string[]): string[] =>
  [...new Set(names)].filter((name): name is string => typeof name === "string" && !known.includes(name)).sort();

const valuesOf = (map: unknown): unknown[] => (typeof map === "object" && map !== null ? Object.values(map) : []);
const inMap = (map: unknown, name: string): unknown =>
  typeof map === "object" && map !== null && Object.hasOwn(map, name)
    ? (map as Record<string, unknown>)[name]
    : undefined;

function providersIn(steps: unknown): unknown[] {
  return valuesOf(steps).flatMap((step) => [
    inMap(step, "does"),
    inMap(step, "form"),
    ...providersIn(inMap(step, "steps")),
  ]);
}
