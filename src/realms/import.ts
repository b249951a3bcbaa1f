import { type Clock, dateOf, instant } from "../core/index.ts";
import type { Observed } from "../reconcile/index.ts";
import { formatYaml } from "../yaml/index.ts";
import { missing, realmAccess } from "./access.ts";
import { baselineFor } from "./baseline.ts";
import { type ConnectionDeps, connectKeycloak, type KeycloakConnection } from "./connection.ts";
import { sections } from "./format/manage.ts";
import { withReferences } from "./importing/secrets.ts";
import { type ImportNotes, type ImportSource, importSourceOf, written } from "./importing/source.ts";
import { kinds } from "./kinds/index.ts";
import { readRealm } from "./reading.ts";
import { meanings } from "./sections.ts";

/** A realm as a file. */
export interface ImportedRealm {
  /** A document of kind Realm; with it, a plan is empty. */
  readonly text: string;
  /** Environment variables that the file refers to: the realm's secrets, which are not in it. */
  readonly secrets: readonly string[];
}

/** How long a masked secret may stay uncompared. */
const graceDays = 90;

/**
 * Describes a live realm in the words of a realm file, without what every new realm has. Writes nothing to the realm,
 * but makes and deletes an empty one beside it (see `baselineFor`). Throws `Fault`; also when there is no such realm.
 */
export async function importRealm(
  connection: KeycloakConnection,
  realm: string,
  deps: ConnectionDeps,
): Promise<ImportedRealm> {
  const at = realmAccess(connectKeycloak(connection, deps), realm);
  const everything = new Set(kinds.map((kind) => kind.rule.kind));
  const observed = await readRealm(at, [], everything);
  if (observed.length === 0) throw missing(`import realm ${realm}`, "such realm");
  return describeRealm(realm, observed, await baselineFor(at), deps.clock);
}

/** What was read of a realm, less what every new realm has, as a file. Nothing in it is a secret (S-81). */
export function describeRealm(
  realm: string,
  observed: readonly Observed[],
  baseline: readonly Observed[],
  clock: Pick<Clock, "now">,
): ImportedRealm {
  const notes: ImportNotes = { secrets: [], masked: [], left: [] };
  const source = importSourceOf(realm, observed, baseline, notes);
  const document = withReferences(source, documentOf(source));
  const ignore = ignored(notes, clock);
  const secrets = [...new Set(notes.secrets)].sort();
  const text = [
    `# Realm ${realm} as it was found. Whatever every new realm has is not written here.`,
    ...notes.left.map((what) => `# Not in this file: ${what}.`),
    formatYaml(written({ ...document, ignore })).trimEnd(),
    ...(secrets.length > 0 ? ["# Secrets, to be set in the environment before this file is used:"] : []),
    ...secrets.map((name) => `#   ${name}`),
    "",
  ].join("\n");
  return { text, secrets };
}

const documentOf = (source: ImportSource): Record<string, unknown> => ({
  kind: "Realm",
  realm: source.realm,
  ...Object.assign({}, ...Object.values(meanings).map(({ imported }) => imported(source))),
  // Somebody else made all of it: it is changed when the file changes, and never deleted.
  manage: Object.fromEntries(sections.map((section) => [section, { mode: "adopt" }])),
});

/** Keycloak masks these secrets: whether the variable holds the same cannot be told, and is left alone for a while. */
function ignored({ masked }: ImportNotes, clock: Pick<Clock, "now">): unknown[] {
  const until = dateOf(instant(clock.now() + graceDays * 86_400))
    .toISOString()
    .slice(0, 10);
  const because = "Keycloak does not show this secret; take this entry out to write the one from the environment";
  return [...new Set(masked)].map((at) => ({ at, because, until }));
}
