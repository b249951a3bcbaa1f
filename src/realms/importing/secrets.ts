import { holdsPrivateKey } from "../../core/index.ts";
import type { Path } from "../../yaml/index.ts";
import { isOpenPlace } from "../format/open-places.ts";
import { isSecretHere } from "../format/secrets.ts";
import type { ImportSource } from "./source.ts";

/** Words of the format that say nothing about whose secret it is. */
const silent = new Set(["raw", "config", "attributes", "settings", "realm", "clients", "steps", "mappers", "groups"]);

/**
 * The document with a reference in place of each secret that Keycloak shows in clear (a SAML client's private keys, what
 * no release marks as secret, any private key under whatever name): none may get into a file (S-81).
 */
export function withReferences(source: ImportSource, document: Record<string, unknown>): Record<string, unknown> {
  const inside = (value: unknown, path: Path, name: string): unknown => {
    if (Array.isArray(value)) return value.map((item, i) => inside(item, [...path, named(item) ?? i], name));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inside(one, [...path, key], key)]));
    }
    if (typeof value !== "string" || !isSecretValue(value, path, name)) return value;
    const words = path.slice(1).map(String);
    const place = path.map(String);
    return source.secret(
      place,
      words.filter((word, i) => i === 0 || i === words.length - 1 || !silent.has(word)),
    );
  };
  return inside(document, [], "") as Record<string, unknown>;
}

/** Things in a list are known by their id. */
const named = (item: unknown): string | undefined =>
  typeof item === "object" && item !== null && "id" in item && typeof item.id === "string" ? item.id : undefined;

function isSecretValue(value: string, path: Path, name: string): boolean {
  if (holdsPrivateKey(value)) return true;
  if (path[0] === "localization" || (path[0] === "flows" && name === "credentials")) return false;
  return isOpenPlace(path) && isSecretHere(name, value);
}
