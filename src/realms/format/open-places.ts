import type { Path, SecretReference } from "../../yaml/index.ts";

const open = ["raw", "config", "attributes"];

/** Fields by section whose names are Keycloak's or people's own; `*` is any one key or index. */
const places: readonly Path[] = [
  "settings raw",
  ...["clients *", "clientScopes *", "upstreams *", "roles realm *", "roles clients * *"].flatMap((at) =>
    [...open, ...["raw", "config", "value"].map((field) => `mappers * ${field}`)].map((field) => `${at} ${field}`),
  ),
  ...["resources * raw", "resources * attributes", "policies * raw", "policies * config", "permissions * raw"].map(
    (at) => `clients * authorization ${at}`,
  ),
  ...["clients * machineAccount raw", "clients * machineAccount attributes"],
  ...["workflows * raw", "workflows * steps * with"],
  ...["clientProfiles * raw", "clientProfiles * executors * configuration"],
  ...["clientPolicies * raw", "clientPolicies * conditions * configuration"],
  ...["components * * config", "components * * parts * * config", "organizations * raw", "organizations * attributes"],
  ...["requiredActions * raw", "localization texts"],
  ...["raw", "annotations", "validations"].map((field) => `profile attributes * ${field}`),
].map((place) => place.split(" "));

/**
 * True where a document holds what only Keycloak or its people can tell the meaning of. A reference there is a secret,
 * whatever its name (S-81); in a typed field (an issuer, an address) it is that field's value.
 */
export function isOpenPlace(path: Path): boolean {
  // Groups are a tree, and so are the steps of a flow.
  if (path[0] === "groups" && path[2] === "groups") return isOpenPlace(path.slice(2));
  if (path[0] === "organizations" && path[2] === "groups") return isOpenPlace(path.slice(2));
  if (path[0] === "groups") return open.includes(String(path[2]));
  if (path[0] === "flows") return path.some((part, i) => part === "settings" && path[i - 1] === "config");
  return places.some((place) => place.every((part, i) => i < path.length && (part === "*" || part === path[i])));
}

/*
 * Such a reference stays in the document as a text that no key and no value of Keycloak's holds, so that it can be merged
 * and joined like a value; `hideReferences` makes a secret of the field in which it ends up.
 */
const [begin, end] = ["\u{f0000}", "\u{f0001}"];
const written = /\u{f0000}(env|file) ([^\u{f0001}]*)\u{f0001}/gu;

/** True for a text that could be taken for such a reference, though somebody wrote it so: what it names was not looked at. */
export const looksHeld = (text: string): boolean => text.includes(begin) || text.includes(end);

/** A reference as a text of a document. */
export const heldReference = (reference: SecretReference): string =>
  `${begin}${"env" in reference ? `env ${reference.env}` : `file ${reference.file}`}${end}`;

/** The references that a value of a document holds; none in what is no text. */
export const referencesIn = (value: unknown): SecretReference[] =>
  typeof value !== "string"
    ? []
    : [...value.matchAll(written)].map(([, kind, name = ""]) => (kind === "env" ? { env: name } : { file: name }));

/** A text with each reference replaced by what `reveal` finds. */
export const withRevealed = (text: string, reveal: (reference: SecretReference) => string): string =>
  text.replaceAll(written, (_whole, kind: string, name: string) =>
    reveal(kind === "env" ? { env: name } : { file: name }),
  );
