import { Bug, type TargetName } from "../core/index.ts";
import type { HttpClientDeps } from "../http-client/index.ts";
import type { Policy } from "../policy/index.ts";
import {
  type Applied,
  type ApplyOptions,
  applyPlan,
  type Driver,
  makePlan,
  type Plan,
  type Resource,
} from "../reconcile/index.ts";
import { makeKubernetes } from "./kubernetes/client.ts";
import { compileKubernetes } from "./kubernetes/compile.ts";
import type { KubernetesConnection } from "./kubernetes/connection.ts";
import {
  resourcesOf as kubernetesResources,
  lookAt,
  makeKubernetesDriver,
  observedIn,
  placeOn,
} from "./kubernetes/driver.ts";
import { foreseeRefusals } from "./kubernetes/foresee.ts";
import { makeKeystone } from "./openstack/client.ts";
import { compileOpenStack } from "./openstack/compile.ts";
import type { KeystoneConnection } from "./openstack/connection.ts";
import { resourcesOf as openStackResources } from "./openstack/desired.ts";
import { makeOpenStackDriver } from "./openstack/driver.ts";
import { postponeMissing } from "./openstack/missing-projects.ts";

/** How a target is reached by the operator's account. */
export type TargetConnection = KeystoneConnection | KubernetesConnection;

/** A plan with the means to apply it. `plan` alone is plain data, to be shown or saved. */
export interface TargetPlan {
  readonly target: TargetName;
  readonly plan: Plan;
  readonly desired: readonly Resource[];
  readonly driver: Driver;
  readonly deps: HttpClientDeps;
  /** How many requests the reading took, logins and second tries among them. */
  readonly requests: number;
  /**
   * What is not as the policy could be taken to mean, and no step changes, in words: namespaces with a tenant's label that
   * are not its own, roles that others gave to its groups, what our account may not know.
   */
  readonly leftOut: readonly string[];
  /** Wanted, and has to wait for something that the target lacks, in words; the rest of the plan does not wait for it. */
  readonly waiting: readonly string[];
  /** Steps that the operator's account may not do, in words. */
  readonly refused: readonly string[];
}

/** Reads a target and plans what the policy wants of it. Throws `Fault` when it cannot be read; writes nothing. */
export async function planTarget(
  policy: Policy,
  target: TargetName,
  connection: TargetConnection,
  deps: HttpClientDeps,
): Promise<TargetPlan> {
  let requests = 0;
  const onRequest = (): void => {
    requests++;
  };
  const { driver, desired, leftOut, waiting, foresee, read } = await reach(policy, target, connection, {
    ...deps,
    onRequest,
  });
  const plan = await makePlan({ ...driver, read }, desired);
  const refused = await foresee(plan);
  return { target, plan, desired, driver, deps, requests, leftOut, waiting, refused };
}

async function reach(policy: Policy, target: TargetName, connection: TargetConnection, deps: HttpClientDeps) {
  const kind = policy.targets.get(target)?.kind;
  if (kind === "openstack" && "authUrl" in connection) {
    const keystone = makeKeystone(target, connection, deps);
    const { desired, waiting } = await postponeMissing(keystone, compileOpenStack(policy, target, deps.clock.now()));
    const driver = makeOpenStackDriver(keystone, desired);
    const { read } = driver;
    return { driver, read, desired: openStackResources(desired), leftOut: [], waiting, foresee: async () => [] };
  }
  if (kind === "kubernetes" && "server" in connection) {
    const compiled = compileKubernetes(policy, target, deps.clock.now());
    const kubernetes = makeKubernetes(target, connection, deps);
    const sight = await lookAt(kubernetes);
    const { placed, waiting, remarks } = await placeOn(kubernetes, sight, compiled);
    const driver = makeKubernetesDriver(kubernetes, placed);
    const foresee = (plan: Plan) =>
      foreseeRefusals(kubernetes, { desired: placed.desired, there: sight.bindings }, plan);
    return {
      driver,
      // What the policy was placed on is planned from, too: read twice, it could be two states of the cluster.
      read: async (wanted: readonly Resource[]) => observedIn(sight, placed, wanted),
      desired: kubernetesResources(placed.desired),
      leftOut: [...placed.leftOut, ...remarks],
      waiting,
      foresee,
    };
  }
  throw new Bug(`the connection does not fit the target "${target}" (${kind ?? "unknown"})`);
}

/**
 * Executes a plan: reads again, refuses it when its ground has moved, takes rights away before it gives any, reads back.
 * A plan saved earlier is applied by giving it in `options`. Keystone caches, so reading back is patient.
 */
export function applyTarget(
  planned: TargetPlan,
  options: Omit<ApplyOptions, "settle"> & { readonly plan?: Plan | undefined } = {},
): Promise<Applied> {
  const settle = { clock: planned.deps.clock, tries: 6, pauseMs: 500 };
  return applyPlan(planned.driver, planned.desired, options.plan ?? planned.plan, { ...options, settle });
}
