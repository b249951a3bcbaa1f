import type { TextFile } from "../../config/index.ts";
import { Fault } from "../../core/index.ts";
import {
  checkDrift,
  type Drift,
  type ImportedRealm,
  loadRealms,
  readRealms,
  realmImporter,
} from "../../realms/index.ts";
import type { Lookup, Problem } from "../../yaml/index.ts";
import { keycloakOf, type NamedEnvironment } from "../environment.ts";
import type { RealmDeps } from "./plan.ts";
import { type RealmsWanted, reachRealms } from "./reach.ts";

/** What is wrong with realm files. */
interface RealmFilesChecked {
  /** Names of the realms that could be read. */
  readonly realms: readonly string[];
  readonly problems: readonly Problem[];
}

/** Checks realm files without a server; with `secrets`, also that each secret is where its reference says. */
export function validateRealmFiles(
  { files, secrets }: { readonly files: readonly TextFile[]; readonly secrets: boolean },
  { lookup }: { readonly lookup: Lookup },
): RealmFilesChecked {
  const { realms, problems } = readRealms(files, lookup);
  const names = realms.map(({ data }) => data.realm);
  if (!secrets) return { realms: names, problems };
  const loaded = loadRealms(files, lookup);
  return { realms: names, problems: loaded.ok ? [] : loaded.refusal };
}

/** What is not as the files say, and who changed it. Throws `Fault` when Keycloak does not answer. Writes nothing. */
export async function checkRealmDrift(wanted: RealmsWanted, deps: RealmDeps): Promise<readonly Drift[]> {
  const { clock, random, listener } = deps;
  const drifts: Drift[] = [];
  for (const { spec, connection, discover } of reachRealms(wanted, deps)) {
    listener({ kind: "reading", what: `realm ${spec.realm}` });
    drifts.push(await checkDrift(spec, connection, { clock, random, discover }));
  }
  return drifts;
}

/** Realms that are there, whatever made them. */
export interface RealmsThere {
  /** Their names; `all`: whatever this Keycloak has, but for the realm that administers it. */
  readonly realms: readonly string[] | "all";
  /** Name of their Keycloak in the environment. */
  readonly keycloak: string;
  readonly environment: NamedEnvironment;
  /** True for a realm of which nothing more is wanted; default: none. */
  readonly isDone?: (realm: string) => boolean;
}

/** How the import of one of several realms ended. */
export type ImportedFile = {
  readonly realm: string;
  /** Which of them, from 0. */
  readonly index: number;
  readonly total: number;
} & (ImportedRealm | { readonly fault: Fault } | { readonly done: true });

/**
 * The files of realms that are there, one after the other, each with the variables that its secrets are expected in and
 * what it cannot say. One that fails does not stop the others. Throws `Fault` when they cannot be listed. Writes nothing.
 */
export async function* importRealmFiles(
  { realms, keycloak, environment, isDone = () => false }: RealmsThere,
  { clock, random, listener }: Omit<RealmDeps, "lookup">,
): AsyncGenerator<ImportedFile> {
  const importer = await realmImporter(keycloakOf(environment, keycloak), { clock, random });
  const names = realms === "all" ? await importer.names() : [...new Set(realms)];
  for (const [index, realm] of names.entries()) {
    const which = { realm, index, total: names.length };
    if (isDone(realm)) {
      yield { ...which, done: true };
      continue;
    }
    listener({ kind: "reading", what: `realm ${realm}` });
    try {
      yield { ...which, ...(await importer.describe(realm)) };
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      yield { ...which, fault: thrown };
    }
  }
}
