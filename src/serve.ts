import { type Broker, startBroker } from "./broker.ts";
import {
  type BrokerConfig,
  checkBrokerFiles,
  checkEnvironmentFiles,
  type Environment,
  loadConfig,
  loadEnvironment,
  lookupIn,
  readYamlFiles,
  type Warnings,
} from "./config/index.ts";
import { Fault, ok, type Result, systemClock, systemRandom, visible } from "./core/index.ts";
import { createLog } from "./http/index.ts";
import { policyInUse } from "./policy/index.ts";
import { type PolicyWatchParts, readPolicy, watchPolicyFiles } from "./policy-files.ts";
import { loadRealmsToCompare, watchRealmFiles } from "./realms/index.ts";
import { cloudTeller, startBeside, type WatchParts } from "./watching.ts";
import { type Lookup, type Problem, sayProblem } from "./yaml/index.ts";

/** The files cannot be used; the message names every problem. */
class Unusable extends Error {}

function must<T>(result: Result<T, Problem[]>): T {
  if (result.ok) return result.value;
  throw new Unusable(result.refusal.map(sayProblem).join("\n"));
}

/** `cloudpass serve`: runs the broker until it is told to leave. Answers the exit code. */
export async function serve(configFile: string, host: NodeJS.Process): Promise<number> {
  try {
    const broker = await startFrom(configFile, host.env);
    await leaveOnSignal(broker, host);
    return 0;
  } catch (error) {
    if (!(error instanceof Unusable) && !(error instanceof Fault)) throw error;
    host.stderr.write(`${visible(error.message)}\n`);
    return 1;
  }
}

async function startFrom(configFile: string, env: NodeJS.ProcessEnv): Promise<Broker> {
  const lookup = lookupIn(env);
  const [file = { file: configFile, text: "" }] = must(readYamlFiles([configFile]));
  const config = must(loadConfig(file.text, configFile, lookup));
  const inUse = policyInUse(must(readPolicy(config, file)));
  const readRealms = watchRealmFiles(() => readYamlFiles(config.realms), lookup);
  must(readRealms());
  const environment = config.reconcile && must(readEnvironment(config.reconcile.environment, lookup));
  const warnings = [...must(checkBrokerFiles(file, config, systemClock.now())), ...(environment?.warnings ?? [])];
  const log = createLog(config.log.level);
  for (const { file: named, line, says, fix } of warnings) log.warn({ at: `${named}:${line}`, fix }, says);
  const deps = { clock: systemClock, random: systemRandom, log };
  const broker = await startBroker(config, {
    policy: inUse.policy,
    providers: () => must(readRealms()),
    tellCloud: cloudTeller(inUse, environment?.value, deps),
    ...deps,
  });
  const realms = () => {
    const files = readYamlFiles(config.realms);
    return files.ok ? loadRealmsToCompare(files.value, lookup) : files;
  };
  return withWatches(broker, config, { inUse, configFile: file, environment: environment?.value, realms, ...deps });
}

/** Time that a step under way on a target gets at a stop: one that is cut off is found and finished by the next run. */
const stepGraceMillis = 3_000;

interface Watched
  extends Omit<PolicyWatchParts, "changed">,
    Pick<WatchParts, "environment" | "realms" | "clock" | "random"> {}

/** The broker with what runs beside it: first to end, since it uses what the broker holds. */
async function withWatches(broker: Broker, config: BrokerConfig, parts: Watched): Promise<Broker> {
  const { inUse, log } = parts;
  const beside = await startBeside(config, { ...parts, policy: inUse, holdings: broker }).catch(
    async (problem: unknown) => {
      await broker.stop(0);
      throw problem;
    },
  );
  const changed = (before: string) => {
    log.info({ policy: inUse.current().digest }, "the policy files have changed, and are in use");
    broker.audit.record("policy.changed", { policy: inUse.current().digest, before });
    beside.changed();
  };
  const unwatch = watchPolicyFiles(config, { ...parts, changed });
  return {
    ...broker,
    stop: async (grace) => {
      unwatch();
      await beside.stop(stepGraceMillis);
      await broker.stop(grace);
    },
  };
}

function readEnvironment(
  path: string,
  lookup: Lookup,
): Result<{ readonly value: Environment; readonly warnings: Warnings }, Problem[]> {
  const files = readYamlFiles([path]);
  if (!files.ok) return files;
  const [file = { file: path, text: "" }] = files.value;
  const environment = loadEnvironment(file.text, path, lookup);
  if (!environment.ok) return environment;
  const checked = checkEnvironmentFiles(file);
  return checked.ok ? ok({ value: environment.value, warnings: checked.value }) : checked;
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
