import { parse } from "yaml";
import { mask } from "../../src/realms/held-secrets.ts";
import type { Fields } from "./hand.ts";

/**
 * Keycloak shows the secrets of clients to its administrators, and what a release does not know as a secret of the mail
 * server: an operator who imports has them, too.
 */
export function secretsOf(text: string, whole: Fields): Map<string, string> {
  const secrets = new Map<string, string>();
  for (const { at, name } of references(text)) {
    const value = shownAt(at, whole);
    if (typeof value === "string" && value !== mask) secrets.set(name, value);
  }
  return secrets;
}

function shownAt([section, ...rest]: readonly string[], whole: Fields): unknown {
  const member = rest.at(-1) ?? "";
  const { export: exported } = whole as { export: Fields };
  if (section === "settings") return (exported["smtpServer"] as Fields | undefined)?.[member];
  if (section !== "clients") return undefined;
  const { clients } = whole["apart"] as { clients: readonly Fields[] };
  const found = clients.find((it) => it["clientId"] === rest[0]);
  const attributes = found?.["attributes"] as Fields | undefined;
  return attributes?.[member] ?? found?.["secret"];
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
