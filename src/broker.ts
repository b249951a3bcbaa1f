import { readFileSync } from "node:fs";
import type { BrokerConfig } from "./config/index.ts";
import { type Clock, deepFreeze, type Random } from "./core/index.ts";
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
  type Route,
} from "./http/index.ts";
import { createIssuer, type Issuer, readClientKeys } from "./issuer/index.ts";
import { type BrokerHoldings, openHoldings } from "./parts.ts";
import type { Policy } from "./policy/index.ts";
import type { Store } from "./store/index.ts";
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
  const clients = await Promise.all(
    config.clients.map(async (c) => ({ ...c, ...(c.jwks !== undefined && { keys: await readClientKeys(c.jwks) }) })),
  );
  const holdings = await openHoldings(config, { clock, random, log });
  const { seal, store, audit, ring } = holdings;
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
    clientKey: () => ring.client().active,
    clientJwks: () => ring.client().jwks,
    rechecks: new Map(parts.rechecks.map((r) => [r.alias, deepFreeze({ ...r })])),
    times: lifetimes,
    insecure,
    grantEnded: (grant) => issuer.endGrant(grant),
  });
  const times = { ...lifetimes, interval: config.device.interval };
  const readiness: Readiness = { leaving: false };
  const issuer: Issuer = createIssuer({ ...shared, times, keys: () => ring.token(), upstream }, clients);
  const routes = [
    ...healthRoutes({ store: () => store.ping(), audit: async () => audit.check() }, readiness),
    ...assetRoutes(),
    ...[...issuer.routes, ...upstream.routes].map((route) => audited(holdings, route)),
  ];
  const address = addressReader(config.trustedProxies);
  const app = createFront({ issuer: config.issuer, routes, sessions, clock, log, address, insecure });
  const listening = await listen(app, listenOptions(config), clock).catch(async (error: unknown) => {
    await holdings.close();
    throw error;
  });
  audit.record("broker.started", { issuer: config.issuer, store: config.store.kind, policy: policy.digest });
  return brokerOf(listening, holdings, readiness);
}

function brokerOf(listening: Listening, holdings: BrokerHoldings, readiness: Readiness): Broker {
  return {
    port: listening.port,
    store: holdings.store,
    stop: async (grace = graceMillis) => {
      readiness.leaving = true;
      await listening.close(grace);
      await holdings.close();
    },
  };
}

/**
 * Nothing is begun that could not be written down, and nothing answered before it is (S-68). What anybody may read, keys
 * and metadata, is there anyhow.
 */
const audited = ({ audit, written }: BrokerHoldings, route: Route): Route =>
  route.public
    ? route
    : {
        ...route,
        handle: async (request) => {
          audit.check();
          try {
            return await route.handle(request);
          } finally {
            await written();
          }
        },
      };

function listenOptions({ listen: { host, port, tls } }: BrokerConfig) {
  if (!tls) return { host, port };
  return { host, port, tls: { cert: readFileSync(tls.cert, "utf8"), key: readFileSync(tls.key, "utf8") } };
}
