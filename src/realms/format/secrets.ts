import { holdsPrivateKey, Secret } from "../../core/index.ts";
import {
  type Lookup,
  type Path,
  type Problem,
  referenceSchema,
  type SecretReference,
  type YamlDocument,
} from "../../yaml/index.ts";
import { referencesIn } from "./open-places.ts";

/** Where secrets stand in a document; `*` is any one key or index. */
const places: readonly Path[] = [
  "upstreams * client secret",
  "upstreams * secrets *",
  "clients * secret",
  "settings smtp password",
  "components * * secrets *",
  "components * * parts * * secrets *",
].map((place) => place.split(" "));

/** True where a secret belongs, and with it nothing but a reference. */
export const isSecretPlace = (path: Path): boolean =>
  places.some((place) => place.length === path.length && place.every((part, i) => part === "*" || part === path[i]));

/**
 * Ends of the names under which Keycloak keeps secrets, without dots and dashes: what its server-info marks as secret, and
 * what it does not mark but keeps (clients' attributes, mail). A test compares with the server-info of the real one.
 */
const secretEnds = [
  ...["secret", "secretkey", "apikey", "privatekey", "secretrotated", "password", "passwd", "passphrase"],
  ...["credential", "credentials", "registrationaccesstoken", "initialaccesstoken", "authtoken", "apitoken"],
  ...["secretdata", "credentialdata"],
];

/** True for a name under which Keycloak keeps a secret. */
export function isSecretName(name: string): boolean {
  // Of a realm: which kinds of credentials people have, none of them itself.
  if (name === "requiredCredentials") return false;
  const plain = name.toLowerCase().replace(/[^a-z]/g, "");
  return secretEnds.some((end) => plain.endsWith(end));
}

/** True for a value that would be a secret written out under this name: not a switch, not nothing. */
export const isSecretHere = (name: string, value: unknown): boolean =>
  (typeof value === "string" && holdsPrivateKey(value)) ||
  (isSecretName(name) && !["", "true", "false", null].includes(value as string | null) && typeof value !== "boolean");

/** A reference as one text, for `RealmSpec.secrets`. */
export const secretName = (reference: SecretReference): string =>
  "env" in reference ? `env ${reference.env}` : `file ${reference.file}`;

/** Calls `visit` for every value of a document that has a name or an index. */
export function walk(value: unknown, visit: (value: unknown, path: Path) => void, path: Path = []): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(name) : name];
    visit(child, here);
    walk(child, visit, here);
  }
}

const isReference = (value: unknown): boolean => referenceSchema.safeParse(value).success;

/** Looks up every secret of a document that has passed the schema; what is missing is reported. */
export function readSecrets(document: YamlDocument, lookup: Lookup, problems: Problem[]): Record<string, Secret> {
  const found: Record<string, Secret> = {};
  walk(document.value, (value, path) => {
    for (const reference of isSecretPlace(path) ? [value as SecretReference] : referencesIn(value)) {
      const text = lookup(reference);
      if (text === undefined || text.trim() === "") {
        const message =
          "env" in reference
            ? `the environment variable ${reference.env} is not set or empty`
            : `the file ${reference.file} cannot be read or is empty`;
        problems.push(document.problem(path, message, "put the secret there"));
      }
      found[secretName(reference)] = new Secret((text ?? "").replace(/\r?\n$/, ""));
    }
  });
  return found;
}

/** The name that says what a value is: for an item of a list, the list's. */
export const nameAt = (path: Path): string => String(path.findLast((part) => typeof part === "string") ?? "");

/**
 * A secret that somebody wrote out after all must not travel on in the excerpt that a problem shows. Excerpts are whole
 * lines, so every problem of the document is looked at; the line where a secret begins ends there, since YAML has many
 * ways to write one text.
 */
export function maskSecrets(document: YamlDocument, problems: readonly Problem[]): Problem[] {
  const written = new Set<string>();
  const begins = new Map<number, number>();
  const note = (value: unknown, path: Path) => {
    if (typeof value === "object" || value === "") return;
    for (const line of String(value).split("\n")) if (line.trim() !== "") written.add(line);
    const { line, column } = document.at(path);
    begins.set(line, Math.min(column, begins.get(line) ?? column));
  };
  walk(document.value, (value, path) => {
    const isSecret = isSecretPlace(path) || isSecretName(nameAt(path));
    if (typeof value === "string" && holdsPrivateKey(value)) note(value, path);
    else if (isSecret && !isReference(value) && referencesIn(value).length === 0) {
      note(value, path);
      walk(value, note, path);
    }
  });
  return problems.map((problem) => {
    const { excerpt, file, line } = problem;
    if (excerpt === undefined) return problem;
    const column = file === document.file ? begins.get(line) : undefined;
    const cut = column === undefined ? excerpt : `${excerpt.slice(0, column - 1)}[secret]`;
    return { ...problem, excerpt: [...written].reduce((text, secret) => text.replaceAll(secret, "[secret]"), cut) };
  });
}
