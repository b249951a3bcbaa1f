import { formatKey, type PlainMap } from "../../reconcile/index.ts";
import { type ComponentKey, writtenPath } from "../component-key.ts";
import type { ComponentEntry } from "../format/components.ts";
import type { RealmSpec } from "../format/model.ts";
import { secretName } from "../format/secrets.ts";
import type { RealmResource } from "../identity.ts";
import { secretField } from "./fields.ts";

/** User federation, keys and other components, with what is under them. */
export const desiredComponents = (spec: RealmSpec): RealmResource[] =>
  Object.entries(spec.components).flatMap(([type, named]) =>
    Object.entries(named).flatMap(([name, component]): RealmResource[] => {
      const key: ComponentKey = [type, writtenPath(type, name)];
      return [
        one(spec, key, component),
        ...Object.entries(component.parts).flatMap(([partType, parts]) =>
          Object.entries(parts).map(([part, entry]) => one(spec, [partType, below(key, partType, part)], entry, key)),
        ),
      ];
    }),
  );

const below = ([, { path }]: ComponentKey, type: string, part: string) => ({
  path: [...path, ...writtenPath(type, part).path],
});

function one(
  spec: RealmSpec,
  key: ComponentKey,
  entry: Omit<ComponentEntry, "parts">,
  parent?: ComponentKey,
): RealmResource {
  const secrets = Object.entries(entry.secrets).flatMap(([name, reference]) => {
    const value = spec.secrets[secretName(reference)];
    return value === undefined
      ? []
      : [[name, secretField(value, `${spec.realm} component ${formatKey(key)} ${name}`)] as const];
  });
  const fields: PlainMap = {
    providerId: entry.provider,
    config: entry.config,
    ...(parent !== undefined && { parent: formatKey(parent) }),
  };
  return {
    kind: "component",
    key,
    fields,
    ...(secrets.length > 0 && { secrets: Object.fromEntries(secrets) }),
    ...(parent !== undefined && { dependsOn: [{ kind: "component", key: parent }] }),
  };
}
