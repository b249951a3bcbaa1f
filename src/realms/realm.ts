import {
  type Applied,
  type ApplyOptions,
  applyPlan,
  type Driver,
  type Plan,
  type PlanOptions,
  planFrom,
  type Resource,
  readWorld,
} from "../reconcile/index.ts";
import { realmAccess } from "./access.ts";
import { withScopesOfRealm } from "./client-scopes.ts";
import { type ConnectionDeps, connectKeycloak, type KeycloakConnection } from "./connection.ts";
import { withFingerprints } from "./desired/fields.ts";
import { planningOf } from "./desired/planning.ts";
import { desiredRealm } from "./desired/realm.ts";
import { type Discover, discover } from "./discovery.ts";
import { realmDriver } from "./driver.ts";
import type { RealmSpec } from "./format/model.ts";
import { type LastApply, recordApply } from "./last-apply.ts";
import { isLeaseLeft } from "./lease.ts";
import { fileNameOf, formatLeftRealms } from "./left-realms.ts";
import { formatLosses } from "./losses.ts";
import { remarksOn } from "./remarks.ts";
import { openRealmState } from "./state.ts";

/** What planning and applying need from outside. */
export interface RealmDeps extends ConnectionDeps {
  /** Finds the endpoints of `oidc` identity providers; default: asks the issuer. */
  readonly discover?: Discover;
  /** Names of all realms of this Keycloak in the files; absent: nothing is said of realms that are in none. */
  readonly inFiles?: readonly string[];
}

/** A realm's plan with all that is needed to apply it. Only `plan` may be shown or stored. */
export interface PlannedRealm {
  readonly plan: Plan;
  readonly desired: readonly Resource[];
  readonly driver: Driver;
  readonly planning: PlanOptions;
  /** Leaves word in the realm of who did what. Throws `Fault`. */
  readonly record: (by: string, digest: string) => Promise<void>;
}

/** Reads Keycloak (and the issuers of `oidc` identity providers) and makes a plan. Throws `Fault` naming which could not be reached. */
export async function planRealm(
  spec: RealmSpec,
  connection: KeycloakConnection,
  deps: RealmDeps,
): Promise<PlannedRealm> {
  const desired = await desiredRealm(spec, deps.discover ?? discover);
  const planning = planningOf(spec, deps.clock.now());
  return plannedFor(spec, connection, deps, { desired, planning, did: "applied" });
}

/**
 * A plan that removes what is ours in the realm, and nothing else: what the file protects or ignores stays, and so do the
 * realm itself, its settings and all accounts. Throws `Fault` when Keycloak cannot be reached.
 */
export async function planRemoval(
  spec: RealmSpec,
  connection: KeycloakConnection,
  deps: RealmDeps,
): Promise<PlannedRealm> {
  // What Keycloak made and the file denied does not come back by this, and nothing else of Keycloak's goes.
  const { manage = {}, absent: _absent, ...planning } = planningOf(spec, deps.clock.now());
  // Where the file is the only truth, an empty one would delete what others made.
  const owned = Object.entries(manage).map(
    ([kind, rule]) => [kind, rule.mode === "exclusive" ? { ...rule, mode: "own" as const } : rule] as const,
  );
  const nothing = {
    desired: [],
    planning: { ...planning, manage: Object.fromEntries(owned), leaving: true },
    did: "removed",
  } as const;
  return plannedFor(spec, connection, deps, nothing);
}

interface Wanted extends Pick<PlannedRealm, "desired" | "planning"> {
  readonly did: LastApply["did"];
}

async function plannedFor(
  spec: RealmSpec,
  connection: KeycloakConnection,
  deps: RealmDeps,
  { desired: bare, planning, did }: Wanted,
): Promise<PlannedRealm> {
  const { realm, keycloak: server, file } = spec;
  const keycloak = connectKeycloak(connection, deps);
  const driver = realmDriver(keycloak, realm, server) as Driver;
  const at = realmAccess(keycloak, realm);
  const stateStore = openRealmState(at);
  // Fingerprints are slow on purpose: they are made while Keycloak answers.
  const [said, { observed, ownership }, leaseLeft] = await Promise.all([
    withFingerprints(bare),
    readWorld(driver, bare, planning),
    isLeaseLeft(at, deps.clock.now()),
  ]);
  const ground = { absent: planning.absent ?? [], observed, ownership: ownership ?? { entries: [], intents: [] } };
  const desired = withScopesOfRealm({ ...ground, desired: said });
  const compared = planFrom(driver, desired, observed, planning, ownership);
  // A run that has nothing else to do takes it, and gives it back.
  const plan = { ...compared, repairs: compared.repairs + (leaseLeft ? 1 : 0) };
  const remarks = [
    ...(did === "applied" ? remarksOn(spec, plan) : []),
    ...(deps.inFiles === undefined ? [] : await formatLeftRealms(at, { spec, plan, inFiles: deps.inFiles })),
    ...(await formatLosses(at, { plan, observed })),
  ];
  return {
    plan: { ...plan, ...(remarks.length > 0 && { remarks }) },
    ...{ desired, driver, planning },
    record: (by, digest) =>
      recordApply(stateStore, realm, { by, at: deps.clock.now(), did, digest, file: fileNameOf(file) }),
  };
}

/** Applies a realm's plan; or another one, that was shown and stored earlier, if it is still true. Applying twice writes nothing the second time. */
export async function applyRealm(
  planned: PlannedRealm,
  options: Omit<ApplyOptions, "planning" | "onEnd"> & { readonly plan?: Plan | undefined } = {},
): Promise<Applied> {
  const { driver, desired, planning, record } = planned;
  const { plan = planned.plan, lease } = options;
  const onEnd = async ({ done }: Applied) => {
    if (lease !== undefined && done.length > 0) await record(lease.holder, plan.desired);
  };
  return applyPlan(driver, desired, plan, { ...options, planning, onEnd });
}
