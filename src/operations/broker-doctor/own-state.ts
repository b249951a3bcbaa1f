import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { auditPath } from "../../audit/index.ts";
import type { BrokerConfig } from "../../config/index.ts";
import { type Clock, Fault, type Findings, type Random } from "../../core/index.ts";
import { keysAt, makeKeySet } from "../../issuer/index.ts";
import { realmTakesKey } from "../../relying-party/index.ts";
import type { BrokerState, WithBrokerState } from "../broker-state.ts";

interface Deps {
  readonly clock: Clock;
  readonly random: Random;
  readonly open: WithBrokerState;
}

/** What else is known. */
interface About {
  /** `broker.yaml` as it was named. */
  readonly configFile: string;
  /** Whether the realm is there. */
  readonly keycloak: boolean;
}

/** Looks at what the broker keeps: signing keys and whether Keycloak knows ours, the store, the audit's file. */
export async function checkOwnState(
  config: BrokerConfig,
  about: About,
  findings: Findings,
  { clock, random, open }: Deps,
): Promise<void> {
  checkAudit(config, findings);
  const deps = { clock, random, toLog: () => undefined, notice: () => undefined };
  try {
    await open(config, deps, async (state) => {
      await checkStore(state, findings);
      await checkKeys(state, about, findings);
    });
  } catch (problem) {
    if (!(problem instanceof Fault)) throw problem;
    findings.fail("master key", problem.message, "set its variable: set -a; . ./cloudpass.env; set +a");
  }
}

async function checkStore({ config, store }: BrokerState, findings: Findings): Promise<void> {
  if (config.store.kind === "memory") {
    const remedy = "use a Redis: store: {kind: redis, url: {env: REDIS_URL}}";
    return findings.warn("store", "memory: a restart ends every login, and there can be one instance only", remedy);
  }
  try {
    await (await store()).ping();
    findings.ok("store", "Redis answers");
  } catch (problem) {
    if (!(problem instanceof Fault)) throw problem;
    findings.fail("store", problem.message, "start Redis, or correct the address that store.url refers to");
  }
}

async function checkKeys(
  { config, keyHome, clock }: BrokerState,
  { configFile, keycloak }: About,
  findings: Findings,
): Promise<void> {
  const read = await keyHome.read().catch((problem: unknown) => {
    if (!(problem instanceof Fault)) throw problem;
    findings.fail(
      "signing keys",
      problem.message,
      `restore them, or make new ones: cloudpass keys create --config ${configFile}`,
    );
    return undefined;
  });
  if (read === undefined) return;
  const keys = keysAt(read.keys, clock.now());
  makeKeySet(keys, "token");
  findings.ok("signing keys", `${read.keys.length} are there`);
  // While the realm is not there, its answer would say nothing of the key.
  if (!keycloak) return;
  const { active } = makeKeySet(keys, "client");
  const taken = await realmTakesKey({
    issuer: config.issuer,
    options: config.upstream,
    clientKey: () => active,
    clock,
  });
  if (taken === "yes") return findings.ok("Keycloak: client key", "it takes our key");
  const { clientId } = config.upstream;
  if (taken === "no") {
    const message = `it refuses the client ${clientId} with our key`;
    const remedy = `see that Keycloak reaches ${config.issuer}/upstream/jwks and trusts its certificate, then: cloudpass realms apply --environment environment.yaml`;
    return findings.fail("Keycloak: client key", message, remedy);
  }
  const remedy = "look into Keycloak's log, then run this again";
  findings.fail("Keycloak: client key", "its token endpoint gave no answer that makes sense", remedy);
}

/** Enough for some weeks, in bytes. */
const littleRoom = 200 * 1024 * 1024;

function checkAudit({ audit }: BrokerConfig, findings: Findings): void {
  if (audit === undefined) {
    const remedy = "name a file: audit: {file: audit.jsonl}";
    return findings.warn("audit", "goes to the log only: nobody can verify it later", remedy);
  }
  const file = auditPath(audit.file, "broker");
  const folder = dirname(file);
  const checked = existsSync(file) ? file : folder;
  try {
    accessSync(checked, constants.W_OK);
  } catch {
    const remedy = existsSync(folder)
      ? `let the broker's user write ${checked}`
      : `make the folder: mkdir -p ${folder}`;
    return findings.fail("audit", `${checked} cannot be written`, remedy);
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < littleRoom) {
    const left = Math.round((bavail * bsize) / 1024 / 1024);
    const message = `the disk of ${folder} has ${left} MiB left: without an audit nothing is given`;
    return findings.warn("audit", message, "make room there");
  }
  findings.ok("audit", `${file} can be written`);
}
