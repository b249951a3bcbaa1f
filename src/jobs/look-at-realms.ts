import type { Audit } from "../audit/index.ts";
import type { Environment } from "../config/index.ts";
import { type Clock, Fault, type Random, type Result } from "../core/index.ts";
import type { Log } from "../http/index.ts";
import { rulesFor } from "../http-client/index.ts";
import { checkDrift, type Drift, makeDiscover, type RealmSpec, remembering } from "../realms/index.ts";
import type { Problem } from "../yaml/index.ts";
import { type RealmNews, type RealmWatchOptions, watchRealms } from "./realm-drift.ts";
import type { Scheduler } from "./scheduler.ts";
import { usable } from "./usable.ts";
import type { FailedLook, Watch } from "./watch.ts";

/** What looking at realms takes. */
interface RealmParts {
  readonly environment: Environment;
  /** Reads the realm files as they are now, without secrets. */
  readonly realms: () => Result<readonly RealmSpec[], Problem[]>;
  readonly audit: Audit;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}

const nameOf = ({ keycloak, realm }: RealmSpec): string => `${keycloak}/${realm}`;

/** Looks whether realms are as their files say, where the environment names their Keycloak. Changes nothing there. */
export function lookAtRealms(
  scheduler: Pick<Scheduler, "start">,
  { every }: Pick<RealmWatchOptions, "every">,
  parts: RealmParts,
): Watch {
  const { clock, random } = parts;
  const { keycloaks, probe } = parts.environment;
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
      throw new Fault("realm files", `find realm ${name}`, { message: "they no longer name it; restart the broker" });
    }
    return checkDrift(spec, connection, { clock, random, discover });
  };
  return watchRealms(scheduler, { names, every, drift, notify: notifier(parts), clock });
}

/** To the audit what was found, to the log what failed. */
function notifier({ audit, log }: RealmParts): (realm: string, news: RealmNews | FailedLook) => void {
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
