import { instant, type Seconds } from "../core/index.ts";
import { identityOf } from "../reconcile/index.ts";
import { realmAccess } from "./access.ts";
import { connectKeycloak, type KeycloakConnection } from "./connection.ts";
import type { RealmSpec } from "./format/model.ts";
import type { Drift } from "./format-drift.ts";
import { readLastApply } from "./last-apply.ts";
import { planRealm, type RealmDeps } from "./realm.ts";
import { type AdminChange, whoChanged } from "./who-changed.ts";

/** How far back admin events are read; Keycloak keeps ours for 30 days. */
const lookBack = (30 * 86_400) as Seconds;

/** Reads a realm, writes nothing, and says what is not as its file says, and who changed it last. Throws `Fault`. */
export async function checkDrift(spec: RealmSpec, connection: KeycloakConnection, deps: RealmDeps): Promise<Drift> {
  const { plan } = await planRealm(spec, connection, deps);
  if (plan.steps.length === 0) return { realm: spec.realm, plan, differences: [] };
  const since = instant(deps.clock.now() - lookBack);
  const changes = await whoChanged(connection, spec.realm, since, deps);
  const lastApply = await readLastApply(realmAccess(connectKeycloak(connection, deps), spec.realm));
  const last = new Map<string, AdminChange>();
  for (const change of [...changes].sort((a, b) => a.at - b.at)) last.set(identityOf(change), change);
  return {
    realm: spec.realm,
    plan,
    ...(lastApply && { lastApply }),
    differences: plan.steps.map((step) => {
      const by = last.get(identityOf(step));
      return { kind: step.kind, key: step.key, step, ...(by && { last: by }) };
    }),
  };
}
