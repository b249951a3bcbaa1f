import type { BrokerConfig, Environment } from "./config/index.ts";
import { type Clock, Fault, type Random, type Result } from "./core/index.ts";
import type { Log } from "./http/index.ts";
import { rulesFor } from "./http-client/index.ts";
import type { BrokerHoldings } from "./parts.ts";
import {
  checkDrift,
  type Drift,
  makeDiscover,
  type RealmNews,
  type RealmSpec,
  remembering,
  watchRealms,
} from "./realms/index.ts";
import type { FailedLook, LeaseStore, Watch } from "./reconcile/index.ts";
import { type Problem, sayProblem } from "./yaml/index.ts";

/** What the watch over realms is given. */
export interface RealmWatchParts {
  readonly holdings: Pick<BrokerHoldings, "audit">;
  readonly environment: Environment | undefined;
  /** Reads the realm files as they are now, without secrets. */
  readonly realms: () => Result<readonly RealmSpec[], Problem[]>;
  readonly leaseOn: (name: string) => LeaseStore;
  readonly holder: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}

const nameOf = ({ keycloak, realm }: RealmSpec): string => `${keycloak}/${realm}`;

/** Looks whether realms are as their files say, where the environment names their Keycloak. Changes nothing there. */
export function startRealmWatch({ reconcile }: BrokerConfig, parts: RealmWatchParts): Watch | undefined {
  const { environment, leaseOn, holder, clock, random } = parts;
  if (reconcile === undefined || environment === undefined) return undefined;
  const { keycloaks, probe } = environment;
  // A customer's identity provider that is down must not hide what somebody changes in the realm.
  const discover = remembering(makeDiscover(rulesFor(probe.allow, { proxy: probe.proxy })));
  const specs = () => usable(parts.realms(), "realm files", "read them");
  const names = specs()
    .filter(({ keycloak }) => keycloaks[keycloak] !== undefined)
    .map(nameOf);
  const drift = async (name: string): Promise<Drift> => {
    const spec = specs().find((one) => nameOf(one) === name);
    const connection = spec && keycloaks[spec.keycloak];
    if (spec === undefined || connection === undefined) {
      throw new Fault("realm files", `find realm ${name}`, { says: "they name it no more; restart the broker" });
    }
    return checkDrift(spec, connection, { clock, random, discover });
  };
  return watchRealms({ names, every: reconcile.every, drift, leaseOn, holder, tell: teller(parts), clock, random });
}

/** What was read, or the fault that it cannot be used. */
export function usable<T>(result: Result<T, Problem[]>, dependency: string, operation: string): T {
  if (result.ok) return result.value;
  throw new Fault(dependency, operation, { says: result.refusal.map(sayProblem).join("; ") });
}

/** To the audit what was found, to the log what failed. */
function teller({ holdings: { audit }, log }: RealmWatchParts): (realm: string, news: RealmNews | FailedLook) => void {
  return (realm, news) => {
    switch (news.kind) {
      case "in-step":
        return log.info({ realm }, "the realm is as its file says");
      case "drifted":
        return audit.record("realm.drifted", { realm, differences: news.differences });
      case "failed":
        return log.error({ realm, err: news.problem }, "the realm could not be read; it is tried again");
    }
  };
}
