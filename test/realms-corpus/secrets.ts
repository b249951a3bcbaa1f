import { parse } from "yaml";
import type { Fields } from "./hand.ts";

/** Keycloak shows the secrets of clients to its administrators: an operator who imports has them, too. */
export function secretsOf(text: string, whole: Fields): Map<string, string> {
  const { clients } = whole["apart"] as { clients: readonly Fields[] };
  const secrets = new Map<string, string>();
  for (const { at, name } of references(text)) {
    const [section, client, ...rest] = at;
    const found = clients.find((it) => it["clientId"] === client);
    if (section !== "clients" || found === undefined) continue;
    const attributes = found["attributes"] as Fields | undefined;
    const member = rest.at(-1) ?? "";
    const value = attributes?.[member] ?? found["secret"];
    if (typeof value === "string") secrets.set(name, value);
  }
  return secrets;
}

/** Variables that a file names, each by where it stands: the members on the way, joined by nothing that could be in one. */
function references(text: string): { readonly at: readonly string[]; readonly name: string }[] {
  const found: { at: readonly string[]; name: string }[] = [];
  const walk = (value: unknown, at: readonly string[]): void => {
    if (typeof value !== "object" || value === null) return;
    const { env } = value as { env?: unknown };
    if (typeof env === "string" && Object.keys(value).length === 1) found.push({ at, name: env });
    else for (const [name, it] of Object.entries(value)) walk(it, [...at, name]);
  };
  walk(parse(text), []);
  return found;
}
