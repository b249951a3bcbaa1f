import type { PlainMap } from "../../reconcile/index.ts";
import { textOf } from "../access.ts";
import type { Kind } from "../kinds/kind.ts";
import { type ImportSource, pick, written } from "./source.ts";
import { nothingsIn } from "./telling.ts";

/** Mappers by their owners, as entries of the file. */
export function mappersOf(
  source: ImportSource,
  kind: Kind<"client-mapper" | "client-scope-mapper" | "upstream-mapper">,
): ReadonlyMap<string, Record<string, unknown>> {
  const owners = new Map<string, [name: string, entry: unknown][]>();
  const whole = source.all(kind);
  for (const [text, { key, fields }] of source.changed(kind)) {
    const [owner, name] = key;
    // A mapper is small: one that differs from Keycloak's own is written whole.
    const { taken, rest } = pick(
      whole.get(text)?.fields ?? fields,
      ...["name", "protocol", "protocolMapper", "identityProviderMapper", "identityProviderAlias", "config"],
    );
    const provider = textOf(taken["protocolMapper"]);
    if (provider !== "" && !source.has(provider)) {
      source.leave(`mapper "${name}" of ${owner}: this Keycloak has no "${provider}" any more`);
      continue;
    }
    const entry = written({
      type: "custom",
      protocol: taken["protocol"],
      mapper: taken["protocolMapper"] ?? taken["identityProviderMapper"],
      // A name that was taken out of one that comes with every realm stays out.
      config: {
        ...(taken["config"] as PlainMap | undefined),
        ...(nothingsIn(fields)["config"] as PlainMap | undefined),
      },
      raw: rest,
    });
    owners.set(owner, [...(owners.get(owner) ?? []), [name, entry]]);
  }
  return new Map([...owners].map(([owner, entries]) => [owner, Object.fromEntries(entries)]));
}
