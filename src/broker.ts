import { readFileSync } from "node:fs";
import { createAudit, fileSink } from "./audit/index.ts";
import type { BrokerConfig } from "./config/index.ts";
import { type Clock, deepFreeze, makeSeal, type Random } from "./core/index.ts";
import {
  addressReader,
  assetRoutes,
  createFront,
  createLog,
  createSessions,
  healthRoutes,
  type Listening,
  type Log,
  listen,
  type Readiness,
} from "./http/index.ts";
import { issuerRoutes, makeKeySet, readClientKeys, readKeyFile } from "./issuer/index.ts";
import type { Policy } from "./policy/index.ts";
import { createMemoryStore, createRedisStore, type Store } from "./store/index.ts";
import { createUpstream, type RecheckRule } from "./upstream/index.ts";

/** A running broker. */
export interface Broker {
  readonly port: number;
  readonly store: Store;
  /** Not ready at once, requests under way finish, then everything is let go (S-69). */
  stop(graceMillis?: number): Promise<void>;
}

/** What a broker is made of besides its configuration. */
export interface BrokerParts {
  readonly policy: Policy;
  readonly rechecks: readonly RecheckRule[];
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log;
}

/** Time that requests under way get at a stop. */
const graceMillis = 8_000;

/** Puts the rooms together and listens. Throws `Fault` when keys, store or port cannot be had. */
export async function startBroker(config: BrokerConfig, parts: BrokerParts): Promise<Broker> {
  const { clock, random, policy } = parts;
  const log = parts.log ?? createLog(config.log.level);
  const keys = await readKeyFile(config.keys);
  const [tokenKeys, clientKeys] = [makeKeySet(keys, "token"), makeKeySet(keys, "client")];
  const seal = makeSeal(config.masterKey, random);
  const store = await openStore(config, parts);
  const audit = createAudit(
    clock,
    config.audit ? fileSink(config.audit.file) : (entry) => log.info({ audit: entry }, entry.event),
  );
  const insecure = config.issuer.startsWith("http:");
  const { lifetimes } = config;
  const sessions = createSessions(
    { store, seal, clock, random },
    { lifetime: lifetimes.session, idle: lifetimes.sessionIdle, insecure },
  );
  const shared = { issuer: config.issuer, store, seal, clock, random, audit, sessions, policy };
  const upstream = createUpstream({
    ...shared,
    options: config.upstream,
    clientKey: clientKeys.active,
    clientJwks: clientKeys.jwks,
    rechecks: new Map(parts.rechecks.map((r) => [r.alias, deepFreeze({ ...r })])),
    times: lifetimes,
    insecure,
  });
  const times = { ...lifetimes, interval: config.device.interval };
  const readiness: Readiness = { leaving: false };
  const clients = await Promise.all(
    config.clients.map(async (c) => ({ ...c, ...(c.jwks !== undefined && { keys: await readClientKeys(c.jwks) }) })),
  );
  const routes = [
    ...healthRoutes({ store: () => store.ping() }, readiness),
    ...assetRoutes(),
    ...issuerRoutes({ ...shared, times, keys: () => tokenKeys, upstream }, clients),
    ...upstream.routes,
  ];
  const address = addressReader(config.trustedProxies);
  const app = createFront({ issuer: config.issuer, routes, sessions, clock, log, address, insecure });
  const listening = await listen(app, listenOptions(config), clock).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  audit.record("broker.started", { issuer: config.issuer, store: config.store.kind, policy: policy.digest });
  return brokerOf(listening, store, readiness);
}

function brokerOf(listening: Listening, store: Store, readiness: Readiness): Broker {
  return {
    port: listening.port,
    store,
    stop: async (grace = graceMillis) => {
      readiness.leaving = true;
      await listening.close(grace);
      await store.close();
    },
  };
}

const openStore = async (config: BrokerConfig, { clock, random }: BrokerParts): Promise<Store> =>
  config.store.kind === "memory"
    ? createMemoryStore({ clock, random })
    : createRedisStore({ ...config.store, clock, random });

function listenOptions({ listen: { host, port, tls } }: BrokerConfig) {
  if (!tls) return { host, port };
  return { host, port, tls: { cert: readFileSync(tls.cert, "utf8"), key: readFileSync(tls.key, "utf8") } };
}
