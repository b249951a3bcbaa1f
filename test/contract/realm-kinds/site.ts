import { expect } from "vitest";
import { systemClock, systemRandom } from "../../../src/core/index.ts";
import { connectKeycloak, type Keycloak } from "../../../src/realms/connection.ts";
import { realmDriver } from "../../../src/realms/driver.ts";
import {
  type Applied,
  applyPlan,
  formatApplied,
  makePlan,
  type Plan,
  type PlanOptions,
  type Resource,
} from "../../../src/reconcile/index.ts";
import { connectionTo, type Reached } from "../own-keycloak.ts";

/** The product's own way to it. */
export const connectTo = (rig: Reached): Keycloak =>
  connectKeycloak(connectionTo(rig), { clock: systemClock, random: systemRandom });

/** One realm that is planned and applied from resources made by hand, without a file. */
export interface RealmSite {
  plan(wanted: readonly Resource[]): Promise<Plan>;
  /** Plans and applies, and insists that it held. */
  bring(wanted: readonly Resource[]): Promise<Plan>;
  apply(wanted: readonly Resource[]): Promise<Applied>;
}

/** A realm by name; it need not be there yet. */
export function siteOf(keycloak: Keycloak, realm: string, planning?: PlanOptions): RealmSite {
  const driver = realmDriver(keycloak, realm);
  const plan = (wanted: readonly Resource[]) => makePlan(driver, wanted, planning);
  const execute = (wanted: readonly Resource[], made: Plan) =>
    applyPlan(driver, wanted, made, planning === undefined ? {} : { planning });
  return {
    plan,
    apply: async (wanted) => execute(wanted, await plan(wanted)),
    bring: async (wanted) => {
      const made = await plan(wanted);
      const applied = await execute(wanted, made);
      expect(applied.outcome, formatApplied(applied)).toBe("applied");
      return made;
    },
  };
}
