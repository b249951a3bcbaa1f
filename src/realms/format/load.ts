import { deepFreeze, err, ok, type Result, type Secret } from "../../core/index.ts";
import { checkShape, type Lookup, type Problem, parseYaml, type YamlDocument } from "../../yaml/index.ts";
import { checkRealms } from "./check.ts";
import { joinParts } from "./join.ts";
import type { IdentityProviderSpec, LocatedDocument, LocatedRealm, RealmSpec } from "./model.ts";
import { documentSchema, type RealmDocument } from "./schema.ts";
import { maskSecrets, readSecrets, secretName } from "./secrets.ts";
import { defaultSettings } from "./settings-defaults.ts";
import { substitute } from "./substitute.ts";

/** A file of the realms folder. */
export interface RealmFile {
  readonly file: string;
  readonly text: string;
}

/** A document in its shape, with all but the secrets in place; none, and its problems, when it has another. */
function shaped(written: YamlDocument, lookup: Lookup, problems: Problem[]): LocatedDocument[] {
  const { document, missing } = substitute(written, lookup);
  problems.push(...missing);
  if (missing.length > 0) return [];
  const shape = checkShape(document, documentSchema);
  if (shape.ok) return [{ document, written, data: shape.value }];
  problems.push(...maskSecrets(written, shape.refusal));
  return [];
}

/** What is wrong with a document of kind Realm that is not in a file yet. */
export function problemsOfDocument(written: YamlDocument): readonly Problem[] {
  const problems: Problem[] = [];
  const documents = shaped(written, () => undefined, problems);
  const realms = joinParts(documents, problems);
  return [...problems, ...checkRealms(realms)];
}

/** Parses and checks the files, with all but the secrets in place. Substitution comes after parsing, so that no value can change a document's structure. */
export function readRealms(
  files: readonly RealmFile[],
  lookup: Lookup,
): { readonly realms: readonly LocatedRealm[]; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  const documents: LocatedDocument[] = [];
  for (const { file, text } of [...files].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0))) {
    const parsed = parseYaml(text, file);
    if (!parsed.ok) {
      problems.push(...parsed.refusal);
      continue;
    }
    for (const written of parsed.value) documents.push(...shaped(written, lookup, problems));
  }
  // A part whose realm's own document is broken would only be a second error of the same cause.
  const realms = joinParts(documents, problems);
  const wrong = checkRealms(realms);
  problems.push(...documents.reduce((said, { document }) => maskSecrets(document, said), wrong));
  return { realms, problems };
}

/**
 * Reads `realms/*.yaml` (several documents a file, several files a realm) with the secrets behind their references.
 * Answers every problem of all files at once. Never throws, whatever the files hold.
 */
export function loadRealms(files: readonly RealmFile[], lookup: Lookup): Result<RealmSpec[], Problem[]> {
  const { realms, problems } = readRealms(files, lookup);
  const specs = realms.map((realm) => {
    const secrets: Record<string, Secret> = {};
    for (const { document } of realm.documents) Object.assign(secrets, readSecrets(document, lookup, problems));
    return toSpec(realm, secrets);
  });
  return problems.length > 0 ? err(problems) : ok(deepFreeze(specs));
}

/** The same for who only compares: no secret is looked up, and none is compared. Not to be applied: what it makes has none. */
export function loadRealmsToCompare(files: readonly RealmFile[], lookup: Lookup): Result<RealmSpec[], Problem[]> {
  const { realms, problems } = readRealms(files, lookup);
  return problems.length > 0 ? err(problems) : ok(deepFreeze(realms.map((realm) => toSpec(realm, {}))));
}

function toSpec({ document, data }: LocatedRealm, secrets: Readonly<Record<string, Secret>>): RealmSpec {
  const { kind: _kind, ...rest } = data;
  return {
    ...rest,
    file: document.file,
    settings: { ...(data.broker && defaultSettings(data.realm)), ...data.settings },
    organizations: data.organizations.map((o) => ({
      ...o,
      upstreams: [...new Set([...(o.login === undefined ? [] : [o.login]), ...o.upstreams])],
    })),
    upstreams: data.upstreams.map((u) => hold(u, secrets)),
    secrets,
  };
}

/** An identity provider with the secret of our client there, if it is known. */
export function hold(
  written: RealmDocument["upstreams"][number],
  secrets: Readonly<Record<string, Secret>>,
): IdentityProviderSpec {
  const displayName = written.displayName ?? written.id;
  if (!("client" in written)) return { ...written, displayName };
  const { id, secret: reference } = written.client;
  const secret = secrets[secretName(reference)];
  return { ...written, displayName, client: { id, ...(secret && { secret }) } };
}
