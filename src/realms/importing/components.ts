import { formatKey, type Plain } from "../../reconcile/index.ts";
import type { ComponentKey } from "../component-key.ts";
import { componentKind } from "../kinds/component.ts";
import { type ImportSource, pointerPart, written } from "./source.ts";

/** `components` of the file: those that Keycloak did not put there itself, with what is under them. */
export function componentsOf(source: ImportSource): Record<string, unknown> {
  const whole = source.all(componentKind);
  for (const [text, number] of source.twins(componentKind)) {
    source.leave(`${number - 1} more of the components that are called ${text}: give each a name of its own`);
  }
  const found = [...source.changed(componentKind)].map(([text, { key, fields }]) => {
    const all = whole.get(text)?.fields ?? fields;
    return { text, key, parent: all["parent"] as Plain | undefined, fields: all };
  });
  const byType = (list: readonly (typeof found)[number][], above: number): Record<string, Record<string, unknown>> => {
    const types = new Map<string, [string, unknown][]>();
    for (const { text, key, fields } of list) {
      const [type, { path }] = key;
      const parts = found.filter((one) => one.parent === text);
      const entry = {
        provider: fields["providerId"],
        config: fields["config"],
        secrets: secretsOf(source, key),
        parts: byType(parts, path.length),
      };
      const names = formatKey({ path: path.slice(above) });
      types.set(type, [...(types.get(type) ?? []), [names, written(entry)]]);
    }
    return Object.fromEntries([...types].map(([type, entries]) => [type, Object.fromEntries(entries)]));
  };
  return byType(
    found.filter((one) => one.parent === undefined),
    0,
  );
}

function secretsOf(source: ImportSource, key: ComponentKey): Record<string, unknown> {
  const [type, path] = key;
  const names = formatKey(path);
  return Object.fromEntries(
    source.maskedIn(componentKind, key).map((name) => {
      source.masked(`/components/${pointerPart(type)}/${pointerPart(names)}/${pointerPart(name)}`);
      return [name, source.secret(["components", type, names, name], [type, names, name])];
    }),
  );
}
