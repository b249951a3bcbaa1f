import type { Environment } from "../../config/index.ts";
import type { Clock, Random, TenantName } from "../../core/index.ts";
import type { Policy, Tenant } from "../../policy/index.ts";
import { realmHoldingsOfTenant } from "../../realms/index.ts";
import type { Proof } from "../../reconcile/index.ts";
import { cloudHoldingsOfTenant, clusterHoldingsOfTenant } from "../../targets/index.ts";
import { suggest } from "../../yaml/index.ts";
import { endAll, type Holdings, type Place, readHoldings } from "../holdings.ts";
import type { Listener } from "../progress.ts";
import { OperationRefused } from "../refused.ts";
import { connectionOf, nameOfTarget } from "../targets/reach.ts";

/** Everything that a tenant has. */
interface TenantReach {
  readonly tenant: Tenant;
  readonly holdings: Holdings;
}

/** Who leaves, and where to look. */
interface TenantQuestion {
  /** As the policy names it. */
  readonly tenant: string;
  readonly policy: Policy;
  readonly environment: Environment;
  /** Realms that hold its people, as `keycloak/realm`. */
  readonly realms?: readonly string[];
}

interface Deps {
  readonly clock: Clock;
  readonly random: Random;
  readonly listener: Listener;
}

/** Looks what a tenant has: at Keycloak, on every cloud and every cluster. Writes nothing. */
export async function lookAtTenant(question: TenantQuestion, deps: Deps): Promise<TenantReach> {
  const { policy } = question;
  const tenant = policy.tenants.get(question.tenant as TenantName);
  if (tenant === undefined) {
    throw new OperationRefused(`the policy has no tenant "${question.tenant}"`, {
      meaning: suggest(question.tenant, policy.tenants.keys()),
    });
  }
  return { tenant, holdings: await readHoldings(placesOf(tenant, question, deps), deps.listener) };
}

/** Takes everything back that was found, and answers what was read back. Run again, it carries on. */
export const offboardTenant = (reach: TenantReach, { listener }: Pick<Deps, "listener">): Promise<Proof[]> =>
  endAll(reach.holdings, listener);

function placesOf(tenant: Tenant, { policy, environment, realms = [] }: TenantQuestion, deps: Deps): Place[] {
  const { clock, random } = deps;
  const asking = { clock, random };
  const atRealms = realms.map((named): Place => {
    const [keycloak = "", realm = ""] = named.split("/");
    const connection = environment.keycloaks[keycloak];
    if (connection === undefined || realm === "") {
      throw new OperationRefused(`"${named}" is not a realm of the environment file`, {
        remedy: "give keycloak/realm",
      });
    }
    return {
      where: `Keycloak, realm ${realm}`,
      look: () => realmHoldingsOfTenant(connection, realm, tenant.identityProviders, asking),
    };
  });
  const targets = [...tenant.domains.keys(), ...tenant.namespaces.keys()].map((target): Place => {
    const connection = connectionOf(policy, environment, target);
    if (connection === undefined) {
      throw new OperationRefused(`the environment file has no entry for ${target}`, {
        remedy: "a tenant is taken back everywhere",
      });
    }
    const where = nameOfTarget(policy, target);
    if ("authUrl" in connection)
      return { where, look: () => cloudHoldingsOfTenant(target, connection, tenant, asking) };
    const cluster = { name: target, connection };
    const look = async () => {
      const { holdings, others } = await clusterHoldingsOfTenant(policy, tenant.name, cluster, asking);
      for (const remark of others) deps.listener({ kind: "remark", remark });
      return holdings;
    };
    return { where, look };
  });
  return [...atRealms, ...targets];
}
