import type { TextFile } from "../../config/index.ts";
import { checkDrift, type Drift, importRealm, loadRealms, readRealms } from "../../realms/index.ts";
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

/** A realm that is there, whatever made it. */
interface RealmThere {
  readonly realm: string;
  /** Name of its Keycloak in the environment. */
  readonly keycloak: string;
  readonly environment: NamedEnvironment;
}

/** The file of a realm that is there, and the variables that its secrets are expected in. Throws `Fault`. Writes nothing. */
export async function importRealmFile(
  { realm, keycloak, environment }: RealmThere,
  { clock, random, listener }: Omit<RealmDeps, "lookup">,
): Promise<{ readonly text: string; readonly secrets: readonly string[] }> {
  const connection = keycloakOf(environment, keycloak);
  listener({ kind: "reading", what: `realm ${realm}` });
  return importRealm(connection, realm, { clock, random });
}
