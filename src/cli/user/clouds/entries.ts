import { z } from "zod";
import { err, ok, type Result } from "../../../core/index.ts";
import type { ChosenScope } from "../exec-scope.ts";
import { type PersonYaml, type PersonYamlKind, type Refusal, readPersonYaml } from "../person-file/person-yaml.ts";

/** A cloud with a place in it, as it is to stand in a `clouds.yaml`. */
export interface WantedCloud {
  /** As the broker names it. */
  readonly cloud: string;
  readonly authUrl: string;
  readonly scope: ChosenScope;
}

/** One of our entries in a `clouds.yaml`. */
export interface OwnCloud {
  /** What tools call it (`OS_CLOUD`). */
  readonly name: string;
  readonly cloud: string;
  /** Absent where a person took it out. */
  readonly authUrl: string | undefined;
  /** The place; absent where a person took it out. */
  readonly scope: ChosenScope | undefined;
}

/** One of our entries in a `secure.yaml`. */
interface OwnToken {
  readonly name: string;
  readonly token: string;
  /** RFC 3339. */
  readonly expiresAt: string | undefined;
}

const text = z.string();
/** What marks an entry as ours. No tool knows the key, and all leave alone what they do not know (decision 0083). */
const mark = z.looseObject({ issuer: text });
const auth = z.looseObject({
  auth_url: text.nullish(),
  project_name: text.nullish(),
  project_domain_name: text.nullish(),
  domain_name: text.nullish(),
  token: text.nullish(),
});
const ownShape = z.looseObject({ cloudpass: mark, auth: auth.nullish() });
type OwnEntry = z.infer<typeof ownShape>;
const shape = z.looseObject({
  clouds: z
    .record(text, z.unknown())
    .nullish()
    .transform((clouds) => clouds ?? {}),
});
type CloudsFile = z.infer<typeof shape>;

const kind: PersonYamlKind<CloudsFile> = { called: "a file of clouds", shape, empty: { clouds: {} } };
const read = (file: string, before: string): Result<PersonYaml<CloudsFile>, Refusal> =>
  readPersonYaml(file, before, kind);

/** Our entries for an issuer, by name. */
function ownIn({ clouds }: CloudsFile, issuer: string): [string, OwnEntry][] {
  return Object.entries(clouds).flatMap(([name, entry]) => {
    const own = ownShape.safeParse(entry);
    return own.success && own.data.cloudpass.issuer === issuer ? [[name, own.data]] : [];
  });
}

function scopeOf({ auth: at }: OwnEntry): ChosenScope | undefined {
  const { project_name: project, project_domain_name: of, domain_name: domain } = at ?? {};
  if (typeof project === "string" && typeof of === "string") return { kind: "project", domain: of, project };
  return typeof domain === "string" ? { kind: "domain", domain } : undefined;
}

/** Our entries for an issuer in a `clouds.yaml`. */
export function ownClouds(file: string, before: string, issuer: string): Result<OwnCloud[], Refusal> {
  const found = read(file, before);
  if (!found.ok) return found;
  return ok(
    ownIn(found.value.value, issuer).map(([name, entry]) => {
      const { cloud } = entry.cloudpass;
      const authUrl = entry.auth?.auth_url ?? undefined;
      return { name, cloud: typeof cloud === "string" ? cloud : name, authUrl, scope: scopeOf(entry) };
    }),
  );
}

/** Our tokens for an issuer in a `secure.yaml`. */
export function ownTokens(file: string, before: string, issuer: string): Result<OwnToken[], Refusal> {
  const found = read(file, before);
  if (!found.ok) return found;
  return ok(
    ownIn(found.value.value, issuer).flatMap(([name, { cloudpass, auth: at }]) => {
      const { expires_at: end } = cloudpass;
      const token = at?.token;
      return typeof token === "string" ? [{ name, token, expiresAt: typeof end === "string" ? end : undefined }] : [];
    }),
  );
}

/** What an entry is called by a template: `{cloud}`, `{scope}` (the project, or `domain`) and `{domain}`. */
export const nameBy = (template: string, { cloud, scope }: WantedCloud): string =>
  template
    .replaceAll("{cloud}", cloud)
    .replaceAll("{scope}", scope.kind === "project" ? scope.project : "domain")
    .replaceAll("{domain}", scope.domain);

/** What is to be written into a `clouds.yaml`. */
interface CloudsWish {
  readonly issuer: string;
  readonly clouds: readonly WantedCloud[];
  /** Name of new entries. */
  readonly template: string;
}

const isSame = (a: ChosenScope | undefined, b: ChosenScope): boolean =>
  a !== undefined &&
  a.kind === b.kind &&
  a.domain === b.domain &&
  (a.kind === "domain" || (b.kind === "project" && a.project === b.project));

/**
 * A `clouds.yaml` with entries for clouds: ours are as they should be, everything else keeps its bytes; an entry that is
 * there already keeps its name. Refuses a file that cannot be read, and a name under which something else stands.
 */
export function withClouds(file: string, before: string, wish: CloudsWish): Result<string, Refusal> {
  const found = read(file, before);
  const own = ownClouds(file, before, wish.issuer);
  if (!found.ok) return found;
  if (!own.ok) return own;
  const { clouds } = found.value.value;
  const entries: Record<string, unknown> = { ...clouds };
  const written = new Set<string>();
  for (const wanted of wish.clouds) {
    const kept = own.value.find(({ cloud, scope }) => cloud === wanted.cloud && isSame(scope, wanted.scope))?.name;
    const name = kept ?? nameBy(wish.template, wanted);
    if (written.has(name) || (kept === undefined && Object.hasOwn(clouds, name))) return err({ taken: name });
    written.add(name);
    entries[name] = entryOf(wanted, wish.issuer, ownShape.safeParse(clouds[name]).data);
  }
  return found.value.with({ ...found.value.value, clouds: entries });
}

/** What a person added beside our keys (a region, an authority) stays. */
function entryOf({ cloud, authUrl, scope }: WantedCloud, issuer: string, there: OwnEntry | undefined): OwnEntry {
  const where =
    scope.kind === "project"
      ? { project_name: scope.project, project_domain_name: scope.domain }
      : { domain_name: scope.domain };
  return {
    ...there,
    cloudpass: { issuer, cloud },
    ...{ auth_type: "v3token", identity_api_version: "3" },
    auth: { ...there?.auth, auth_url: authUrl, ...where },
  };
}

/** What is to be written into a `secure.yaml`. */
interface TokensWish {
  readonly issuer: string;
  /** Name of an entry → its token. */
  readonly tokens: ReadonlyMap<string, { readonly token: string; readonly expiresAt: string }>;
}

/** A `secure.yaml` with these tokens; everything else keeps its bytes. Refuses as `withClouds` does. */
export function withTokens(file: string, before: string, { issuer, tokens }: TokensWish): Result<string, Refusal> {
  const found = read(file, before);
  if (!found.ok) return found;
  const { clouds } = found.value.value;
  const own = new Map(ownIn(found.value.value, issuer));
  const entries: Record<string, unknown> = { ...clouds };
  for (const [name, { token, expiresAt }] of tokens) {
    if (Object.hasOwn(clouds, name) && !own.has(name)) return err({ taken: name });
    entries[name] = { cloudpass: { issuer, expires_at: expiresAt }, auth: { ...own.get(name)?.auth, token } };
  }
  return found.value.with({ ...found.value.value, clouds: entries });
}

/** A file without our entries for an issuer; everything else keeps its bytes. */
export function withoutOurClouds(file: string, before: string, issuer: string): Result<string, Refusal> {
  const found = read(file, before);
  if (!found.ok) return found;
  const { value } = found.value;
  const names = new Set(ownIn(value, issuer).map(([name]) => name));
  if (names.size === 0) return ok(before);
  const rest = Object.entries(value.clouds).filter(([name]) => !names.has(name));
  return found.value.with({ ...value, clouds: Object.fromEntries(rest) });
}
