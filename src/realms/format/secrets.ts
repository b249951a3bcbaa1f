import {
  type Lookup,
  type Path,
  type Problem,
  referenceSchema,
  Secret,
  type SecretReference,
  type YamlDocument,
} from "../../core/index.ts";

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

/** Names under which Keycloak keeps secrets; in `raw` and `config` they would be secrets written out. */
const secretNames = new Set(
  [
    "secret clientsecret password bindcredential privatekey keystorepassword keypassword credentials credential",
    "registrationaccesstoken",
  ].flatMap((line) => line.split(" ")),
);

/** True for a name under which Keycloak keeps a secret. */
export const isSecretName = (name: string): boolean => secretNames.has(name.toLowerCase());

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
    if (!isSecretPlace(path)) return;
    const reference = value as SecretReference;
    const text = lookup(reference);
    if (text === undefined || text === "") {
      const says =
        "env" in reference
          ? `the environment variable ${reference.env} is not set`
          : `the file ${reference.file} cannot be read`;
      problems.push(document.problem(path, says, "put the client's secret there"));
    }
    found[secretName(reference)] = new Secret((text ?? "").replace(/\r?\n$/, ""));
  });
  return found;
}

/**
 * A secret that somebody wrote out after all must not travel on in the excerpt that a problem shows. Excerpts are whole
 * lines, so every problem of the document is looked at.
 */
export function maskSecrets(document: YamlDocument, problems: readonly Problem[]): Problem[] {
  const written = new Set<string>();
  walk(document.value, (value, path) => {
    const isSecret = isSecretPlace(path) || isSecretName(String(path.at(-1)));
    if (isSecret && !isReference(value)) {
      walk([value], (text) => typeof text !== "object" && text !== "" && written.add(String(text)));
    }
  });
  return problems.map((problem) => {
    const { excerpt } = problem;
    if (excerpt === undefined) return problem;
    return {
      ...problem,
      excerpt: [...written].reduce((text, secret) => text.replaceAll(secret, "[secret]"), excerpt),
    };
  });
}
