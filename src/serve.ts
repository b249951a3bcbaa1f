import { lookupIn } from "./config/index.ts";
import { Fault, systemClock, systemRandom, visible } from "./core/index.ts";
import { createLog, type Log, logForPerson } from "./http/index.ts";
import { cloudNotifier, clustersOf, follow, keptTargets, trustOf } from "./jobs/index.ts";
import {
  type BrokerFiles,
  describeServing,
  followPolicyFiles,
  loadBroker,
  openOrMake,
  type Serving,
} from "./operations/index.ts";
import { policyInUse } from "./policy/index.ts";
import { type Broker, jobGraceMillis, startBroker } from "./server.ts";
import { formatProblem, type Lookup, type Problem } from "./yaml/index.ts";

/** The files cannot be used; the message names every problem. */
class Unusable extends Error {}
const unusable = (problems: readonly Problem[]): Unusable => new Unusable(problems.map(formatProblem).join("\n"));

/**
 * `cloudpass serve`: runs the broker until it is told to leave. Answers the exit code. On a terminal it speaks to the person
 * there; to anything else the log is JSON.
 */
export async function serve(configFile: string, host: NodeJS.Process): Promise<number> {
  try {
    const broker = await startFrom(configFile, host);
    await leaveOnSignal(broker, host);
    return 0;
  } catch (error) {
    if (!(error instanceof Unusable) && !(error instanceof Fault)) throw error;
    host.stderr.write(`${visible(error.message)}\n`);
    return 1;
  }
}

/** First SIGTERM or SIGINT: not ready, finish, leave. Second: leave now (S-69). */
function leaveOnSignal(broker: Broker, host: NodeJS.Process): Promise<void> {
  return new Promise((resolve, reject) => {
    let leaving = false;
    const leave = () => {
      if (leaving) host.exit(1);
      leaving = true;
      broker.stop().then(resolve, reject);
    };
    host.on("SIGTERM", leave);
    host.on("SIGINT", leave);
  });
}

async function startFrom(configFile: string, host: Host): Promise<Broker> {
  const lookup = lookupIn(host.env);
  const loaded = await loadBroker(configFile, { lookup, clock: systemClock, open: openOrMake(systemClock) });
  if (!loaded.ok) throw unusable(loaded.refusal.problems);
  const { repository } = loaded.value;
  try {
    const broker = await startLoaded(loaded.value, lookup, logOf(loaded.value, host));
    const { config, policy } = loaded.value;
    if (host.stdout.isTTY) host.stdout.write(visible(formatServing(describeServing(config, policy, broker.port))));
    return broker;
  } catch (problem) {
    // Its git would keep the process.
    await repository?.close();
    throw problem;
  }
}

/** What surrounds the broker. */
type Host = Pick<NodeJS.Process, "env" | "stdout">;

function logOf({ config }: BrokerFiles, { env, stdout }: Host): Log {
  const { level } = config.log;
  if (!stdout.isTTY) return createLog(level);
  const colours = env["TERM"] !== "dumb" && !env["NO_COLOR"];
  return createLog(level, logForPerson({ write: (text) => stdout.write(text), colours }));
}

/** For whoever started it by hand. */
function formatServing({ issuer, facts, missing }: Serving): string {
  const row = ([what, message]: readonly [string, string]) => `  ${what.padEnd(9)}  ${message}`;
  return [
    "",
    `cloudpass serves ${issuer}`,
    ...facts.map(row),
    ...(missing.length === 0 ? [] : ["Without, in its configuration:", ...missing.map(row)]),
    `Log in from another terminal: cloudpass login --issuer ${issuer}`,
    "Ctrl-C ends it.",
    "",
    "",
  ].join("\n");
}

async function startLoaded(loaded: BrokerFiles, lookup: Lookup, log: Log): Promise<Broker> {
  const { config, environment, readRealms, warnings, repository } = loaded;
  const policy = policyInUse(loaded.policy);
  const policyFiles = followPolicyFiles({ inUse: policy, files: loaded });
  for (const { file: named, line, message, fix } of warnings) log.warn({ at: `${named}:${line}`, fix }, message);
  const deps = { clock: systemClock, random: systemRandom, log };
  const trust = trustOf(environment);
  const broker = await startBroker(config, {
    policy: policy.policy,
    policyFiles,
    keptTargets: keptTargets(loaded),
    identityProviders: () => {
      const tables = readRealms();
      if (tables.ok) return tables.value;
      throw unusable(tables.refusal);
    },
    notifyCloud: cloudNotifier(policy, environment, deps),
    trustOf: () => trust,
    clusterAt: clustersOf(environment),
    ...deps,
  });
  const { jobs, audit, store } = broker;
  const following = await follow(jobs, loaded, { policy, policyFiles, lookup, audit, store, ...deps }).catch(
    (problem: unknown) => broker.stop(0).then(() => Promise.reject(problem)),
  );
  const stop: Broker["stop"] = async (grace) => {
    await Promise.all([following.stop(jobGraceMillis), broker.stop(grace)]);
    await repository?.close();
  };
  return { ...broker, stop };
}
