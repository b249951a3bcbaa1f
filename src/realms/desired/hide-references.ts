import { Secret } from "../../core/index.ts";
import { formatKey, isList, isMap, type Plain, type PlainMap, type SecretField } from "../../reconcile/index.ts";
import { referencesIn, withRevealed } from "../format/open-places.ts";
import { secretName } from "../format/secrets.ts";
import type { RealmResource } from "../identity.ts";
import { secretField } from "./fields.ts";

/**
 * The resource with each field that holds a reference as a secret of its own, so that no plan shows it and a mask that
 * Keycloak answers is told from it (S-81). Where no secrets are known, because files are only compared, it is left out.
 */
export function hideReferences(
  realm: string,
  secrets: Readonly<Record<string, Secret>>,
  resource: RealmResource,
): RealmResource {
  const found: Record<string, SecretField> = {};
  const apart: (readonly string[])[] = [];
  const keep = (value: Plain, at: readonly string[], json: boolean): void => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    if (referencesIn(text).some((reference) => secrets[secretName(reference)] === undefined)) {
      apart.push(at);
      return;
    }
    // Within JSON a secret stands as JSON has it.
    const shown = (secret: string) => (json ? JSON.stringify(secret).slice(1, -1) : secret);
    const revealed = withRevealed(text, (reference) => shown(secrets[secretName(reference)]?.reveal() ?? ""));
    const place = JSON.stringify([realm, resource.kind, formatKey(resource.key), ...at]);
    // A dot may be part of a name: of two that read alike, the later is written by its parts.
    const name = Object.hasOwn(found, at.join(".")) ? JSON.stringify(at) : at.join(".");
    found[name] = { ...secretField(new Secret(revealed), place), at, ...(json && { json }) };
  };
  const without = (map: PlainMap, path: readonly string[]): PlainMap =>
    Object.fromEntries(
      Object.entries(map).flatMap(([name, value]): [string, Plain][] => {
        const at = [...path, name];
        if (isMap(value)) return [[name, without(value, at)]];
        if (!holdsReference(value)) return [[name, value]];
        keep(value, at, isList(value));
        return [];
      }),
    );
  if (!holdsReference(resource.fields)) return resource;
  const fields = without(resource.fields, []);
  const more = { secrets: { ...resource.secrets, ...found }, ...(apart.length > 0 && { apart }) };
  return { ...resource, fields, ...more };
}

const holdsReference = (value: Plain): boolean => {
  if (isList(value)) return value.some(holdsReference);
  if (isMap(value)) return Object.values(value).some(holdsReference);
  return referencesIn(value).length > 0;
};
