import { type Broker, startBroker } from "./broker.ts";
import { checkClientNames, loadConfig, lookupIn, readYamlFiles } from "./config/index.ts";
import { Fault, type Problem, type Result, sayProblem, systemClock, systemRandom } from "./core/index.ts";
import { loadPolicy } from "./policy/index.ts";
import { readRechecks } from "./realms/index.ts";

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
    host.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function startFrom(configFile: string, env: NodeJS.ProcessEnv): Promise<Broker> {
  const lookup = lookupIn(env);
  const [file] = must(readYamlFiles([configFile]));
  const config = must(loadConfig(file?.text ?? "", configFile, lookup));
  const policy = must(loadPolicy(must(readYamlFiles(config.policies)), { endpoints: config.endpoints }));
  if (file) must(checkClientNames(file, config, policy));
  const rechecks = must(readRechecks(must(readYamlFiles(config.realms)), lookup));
  return startBroker(config, { policy, rechecks, clock: systemClock, random: systemRandom });
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
