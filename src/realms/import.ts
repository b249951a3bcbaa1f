import { type Clock, dateOf, Fault, instant } from "../core/index.ts";
import { type Observed, planFrom, safeText } from "../reconcile/index.ts";
import { formatYaml } from "../yaml/index.ts";
import { listOf, missing, realmAccess, textOf } from "./access.ts";
import { baselineFor, isScratch } from "./baseline.ts";
import { type ConnectionDeps, connectKeycloak, type Keycloak, type KeycloakConnection } from "./connection.ts";
import { planningOf } from "./desired/planning.ts";
import { desiredRealm } from "./desired/realm.ts";
import { realmKinds } from "./driver.ts";
import { loadRealmsToCompare } from "./format/load.ts";
import { sections } from "./format/manage.ts";
import { extensionsOf } from "./importing/extensions.ts";
import { goneFrom } from "./importing/gone.ts";
import { withoutRefused } from "./importing/refused.ts";
import { withReferences } from "./importing/secrets.ts";
import { type ImportNotes, type ImportSource, importSourceOf, noNotes, written } from "./importing/source.ts";
import { inFiles } from "./importing/split.ts";
import { unreadIn } from "./importing/unread.ts";
import { type Providers, providersOf } from "./providers.ts";
import { type ReadRealm, readWhole } from "./reading.ts";
import { meanings } from "./sections.ts";

/** A realm as a file. */
export interface ImportedRealm {
  /** A document of kind Realm; with it and the parts, a plan is empty. */
  readonly text: string;
  /** Of a realm that does not fit into one file: the others, each a document of kind RealmPart. */
  readonly parts: readonly string[];
  /** Environment variables that the file refers to: the realm's secrets, which are not in it. */
  readonly secrets: readonly string[];
  /** What of the realm is not in the file and why, or what a plan would change all the same; the text has it, too. */
  readonly notes: readonly string[];
}

/** What a file of an import holds, so that what a look at it has yet to note fits beside it. */
const mostBytes = 768 * 1024;

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
  return realmImporter(connection, deps).describe(realm);
}

/** The same for several realms of one Keycloak, beside which one new realm is made for all of them. */
export interface RealmImporter {
  /** Names of all realms that the account sees, but for the one that administers Keycloak, in order. Throws `Fault`. */
  readonly names: () => Promise<readonly string[]>;
  /** As `importRealm`. */
  readonly describe: (realm: string) => Promise<ImportedRealm>;
}

/** Looks at several realms through one connection. */
export function realmImporter(connection: KeycloakConnection, deps: ConnectionDeps): RealmImporter {
  const keycloak = connectKeycloak(connection, deps);
  return {
    names: async () => {
      const all = await keycloak.call("list the realms", "read", ({ realms }) =>
        realms.find({ briefRepresentation: true }),
      );
      const names = listOf(all).map(({ realm }) => textOf(realm));
      return names.filter((realm) => realm !== "master" && !isScratch(realm)).sort();
    },
    describe: (realm) => importFrom(keycloak, realm, deps.clock),
  };
}

async function importFrom(keycloak: Keycloak, realm: string, clock: Clock): Promise<ImportedRealm> {
  const doing = `import realm ${realm}`;
  if (realm === "master") {
    const message = "it administers Keycloak itself, and no file describes it";
    throw new Fault("keycloak", doing, { message, retryable: false, refused: true });
  }
  const at = realmAccess(keycloak, realm);
  const read = await readWhole(at);
  if (read === undefined)
    throw missing(doing, "such realm", "See its name in Keycloak's console, and whether the account may see it");
  const [baseline, providers] = await Promise.all([baselineFor(at), providersOf(keycloak)]);
  const described = describeRealm(realm, read.observe([]), baseline, clock, providers);
  const unread = await unreadIn(at);
  const differing = await stillDiffering([described.text, ...described.parts], read, clock);
  return withNotes(described, [...unread, ...differing]);
}

/** What a plan would change in the realm that the file describes: nothing, or the file says something else than is so. */
async function stillDiffering(
  texts: readonly string[],
  { observe, state }: ReadRealm,
  clock: Clock,
): Promise<readonly string[]> {
  const files = texts.map((text, i) => ({ file: `imported-${i}`, text }));
  const loaded = loadRealmsToCompare(files, () => undefined);
  const [spec] = loaded.ok ? loaded.value : [];
  if (spec === undefined) {
    const why = loaded.ok ? "no realm is in it" : loaded.refusal[0]?.message;
    return [`what would make it a file that \`realms validate\` takes (${why}): take it apart by hand`];
  }
  const desired = await desiredRealm(spec, () => Promise.reject(new Error("an imported file names no issuer to ask")));
  const planner = { name: "import", kinds: realmKinds, ownership: { read: never, change: never } };
  const planning = planningOf(spec, clock.now());
  const { steps, conflicts } = planFrom(planner, desired, observe(desired), planning, state.ownership);
  return [...steps, ...conflicts].map(
    ({ kind, key }) => `how ${kind} ${key} differs from what stands here: a plan would change it`,
  );
}

const never = () => Promise.reject(new Error("a plan alone writes no ownership"));

/** What was read of a realm, less what every new realm has, as a file that the format takes. Nothing in it is a secret (S-81). */
export function describeRealm(
  realm: string,
  observed: readonly Observed[],
  baseline: readonly Observed[],
  clock: Pick<Clock, "now">,
  providers?: Providers,
): ImportedRealm {
  const notes = noNotes(realm);
  const source = importSourceOf(realm, observed, baseline, notes, providers);
  const document = withReferences(source, documentOf(source));
  const absent = goneFrom(source, observed);
  const whole = written({ ...document, extensions: extensionsOf(document), ignore: ignored(notes, clock), absent });
  const { document: named } = notes.secrets.settle(whole);
  const { document: accepted, left } = withoutRefused(named);
  const secrets = [...new Set(variablesIn(accepted))].sort();
  const known = [...notes.left, ...left];
  const comments = Buffer.byteLength([...known.map(noteLine), ...secrets.map(secretLine)].join("\n"));
  const [first = accepted, ...more] = inFiles(accepted, mostBytes, comments);
  const title = `Realm ${realm} as it was found. Whatever every new realm has is not written here.`;
  const parts = more.map((part) => asText(`More of realm ${realm} as it was found.`, part, []));
  return withNotes({ text: asText(title, first, secrets), parts, secrets, notes: [] }, known);
}

function asText(title: string, document: Readonly<Record<string, unknown>>, secrets: readonly string[]): string {
  return [
    comment(title),
    formatYaml(document).trimEnd(),
    ...(secrets.length > 0 ? [comment("Secrets, to be set in the environment before this file is used:")] : []),
    ...secrets.map(secretLine),
    "",
  ].join("\n");
}

/** Below the first line. */
function withNotes({ text, notes, ...imported }: ImportedRealm, more: readonly string[]): ImportedRealm {
  const [first = "", ...rest] = text.split("\n");
  return { ...imported, notes: [...notes, ...more], text: [first, ...more.map(noteLine), ...rest].join("\n") };
}

/** One line, whatever it holds: a name with a line end in it must not begin a line of the document. */
const comment = (text: string): string => `# ${safeText(text)}`;
const noteLine = (what: string): string => comment(`Not in this file: ${what}.`);
const secretLine = (name: string): string => comment(`  ${name}`);

const documentOf = (source: ImportSource): Record<string, unknown> => ({
  kind: "Realm",
  realm: source.realm,
  ...written(Object.assign({}, ...Object.values(meanings).map(({ imported }) => imported(source)))),
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

/** Variables that a document names. */
function variablesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === "env" && typeof only[1] === "string") return [only[1]];
  return entries.flatMap(([, inner]) => variablesIn(inner));
}
