import { clientScopeKind, defaultClientScopeKind } from "../kinds/client-scope.ts";
import { clientScopeMapperKind } from "../kinds/mapper.ts";
import { clientScopeRoleScopeKind } from "../kinds/role-scope.ts";
import { mappersOf } from "./mappers.ts";
import { scopeMappingsOf } from "./scope-mappings.ts";
import { type ImportSource, pick, takenAway, written } from "./source.ts";

/** `clientScopes` of the file. */
export function clientScopesOf(source: ImportSource): Record<string, unknown> {
  const mappers = mappersOf(source, clientScopeMapperKind);
  const assigned = source.changed(defaultClientScopeKind);
  const scopes = source.changed(clientScopeKind);
  const roleScopes = source.changed(clientScopeRoleScopeKind);
  const isThere = (name: string) => source.all(clientScopeKind).has(name);
  const notGiven = source.missing(defaultClientScopeKind).flatMap(({ key }) => (isThere(key) ? [key] : []));
  const emptied = source.missing(clientScopeRoleScopeKind).flatMap(({ key }) => (isThere(key) ? [key] : []));
  const changed = [scopes, mappers, assigned, roleScopes].flatMap((one) => [...one.keys()]);
  const names = new Set([...changed, ...notGiven, ...emptied]);
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const { taken, rest } = pick(scopes.get(name)?.fields ?? {}, "name", "protocol", "description");
      const entry = {
        protocol: taken["protocol"] ?? source.all(clientScopeKind).get(name)?.fields["protocol"],
        description: taken["description"],
        assigned: assigned.get(name)?.fields["assigned"] ?? (notGiven.includes(name) ? "none" : undefined),
        ...(emptied.includes(name)
          ? { scopeMappings: { realm: [] } }
          : scopeMappingsOf(source, clientScopeRoleScopeKind, name)),
        mappers: mappers.get(name) ?? {},
        raw: { ...rest, ...takenAway(taken) },
      };
      return [name, written(entry)];
    }),
  );
}
