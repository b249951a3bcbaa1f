import type { TextFile } from "../../config/index.ts";
import { rulesFor } from "../../http-client/index.ts";
import {
  applyRealm,
  type Discover,
  type KeycloakConnection,
  loadRealms,
  makeDiscover,
  type PlannedRealm,
  type RealmSpec,
} from "../../realms/index.ts";
import { type Lookup, suggest } from "../../yaml/index.ts";
import { keycloakOf, type NamedEnvironment } from "../environment.ts";
import type { Planned } from "../plans/plan-source.ts";
import { OperationRefused, orRefuse } from "../refused.ts";

/** Which realms are meant. */
export interface RealmsWanted {
  readonly files: readonly TextFile[];
  readonly environment: NamedEnvironment;
  /** Names of realms; absent: all of the files. */
  readonly only?: readonly string[];
}

/** A realm of the files, with the way to its Keycloak. */
export interface ReachableRealm {
  readonly spec: RealmSpec;
  readonly connection: KeycloakConnection;
  /** Finds the endpoints of customers' identity providers, within what the environment allows. */
  readonly discover: Discover;
  /** Names of all realms of the files on the same Keycloak, of which it is one. */
  readonly inFiles: readonly string[];
}

/** Checks the files and finds each realm's Keycloak in the environment. Nothing is asked of it yet. */
export function reachRealms(
  { files, environment, only }: RealmsWanted,
  { lookup }: { readonly lookup: Lookup },
): readonly ReachableRealm[] {
  const discover = makeDiscover(rulesFor(environment.probe.allow, { proxy: environment.probe.proxy }));
  const all = orRefuse(loadRealms(files, lookup), "the realms");
  const urlOf = ({ keycloak }: RealmSpec) => environment.keycloaks[keycloak]?.url;
  return selectRealms(all, only).map((spec) => ({
    spec,
    connection: keycloakOf(environment, spec.keycloak, `${spec.file}: `),
    discover,
    inFiles: all.filter((other) => urlOf(other) === urlOf(spec)).map(({ realm }) => realm),
  }));
}

function selectRealms(specs: readonly RealmSpec[], wanted: readonly string[] | undefined): readonly RealmSpec[] {
  if (wanted === undefined) return specs;
  const names = specs.map(({ realm }) => realm);
  for (const name of wanted) {
    if (!names.includes(name)) {
      throw new OperationRefused(`the files hold no realm "${name}"`, { meaning: suggest(name, names) });
    }
  }
  return specs.filter(({ realm }) => wanted.includes(realm));
}

/** A planned realm as plans are carried out. */
export const carryOut = (planned: PlannedRealm): Planned => ({
  plan: planned.plan,
  apply: (how) => applyRealm(planned, how),
});
