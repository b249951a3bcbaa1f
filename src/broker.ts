import { readFileSync } from "node:fs";
import type { Audit } from "./audit/index.ts";
import type { BrokerConfig } from "./config/index.ts";
import { type Clock, every, type Random, seconds } from "./core/index.ts";
import {
  addressReader,
  answerBroken,
  assetRoutes,
  createFront,
  createLog,
  createNetworks,
  createSessions,
  createStartupGate,
  healthRoutes,
  joining,
  type Listening,
  type Log,
  listen,
  type Readiness,
  type Route,
  type StartupGate,
} from "./http/index.ts";
import { makeGuardedFetch, rulesFor } from "./http-client/index.ts";
import { createIssuer, type Issuer, readClientKeys, type TellCloud } from "./issuer/index.ts";
import { type BrokerHoldings, openHoldings } from "./parts.ts";
import type { Policy } from "./policy/index.ts";
import {
  createRelyingParty,
  gatedStore,
  openProviders,
  type Providers,
  type ReadTables,
} from "./relying-party/index.ts";
import type { Store } from "./store/index.ts";

/** A running broker. */
export interface Broker {
  readonly port: number;
  readonly store: Store;
  readonly audit: Audit;
  /** Not ready at once, requests under way finish, then everything is let go (S-69). */
  stop(graceMillis?: number): Promise<void>;
}

/** What a broker is made of besides its configuration. */
export interface BrokerParts {
  readonly policy: Policy;
  /** What the realm files say of the customers' identity providers; asked again every now and then. */
  readonly providers: ReadTables;
  /** How clouds are told what a person lost; absent: they are not. */
  readonly tellCloud?: TellCloud;
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log;
}

/** A closed identity provider must let nobody in, nor stay, within 5 s (S-35); a change counts when it was read twice. */
const readProvidersEveryMs = 1_500;

/** Time that requests under way get at a stop. */
const graceMillis = 8_000;
/** Time that a cloud which is being told something gets besides. */
const backgroundGraceMillis = 1_000;

/** The port, taken, and its gate. */
interface Front {
  readonly gate: StartupGate;
  readonly listening: Listening;
}

/**
 * Takes the port, puts the rooms together and opens. Throws `Fault` when keys, store or port cannot be had. The port comes
 * first: a second start by mistake ends there, and has touched nothing that the first one uses (S-82).
 */
export async function startBroker(config: BrokerConfig, parts: BrokerParts): Promise<Broker> {
  const gate = createStartupGate();
  const log = parts.log ?? createLog(config.log.level);
  const broken = answerBroken({ insecure: config.issuer.startsWith("http:"), log });
  const listening = await listen(gate.listener, listenOptions(config), parts.clock, broken);
  try {
    return await startBehind({ gate, listening }, config, { ...parts, log });
  } catch (problem) {
    await listening.close(0);
    throw problem;
  }
}

async function startBehind(
  { gate, listening }: Front,
  config: BrokerConfig,
  parts: BrokerParts & { readonly log: Log },
): Promise<Broker> {
  const { clock, random, policy, log } = parts;
  const clients = await Promise.all(
    config.clients.map(async (c) => ({ ...c, ...(c.jwks !== undefined && { keys: await readClientKeys(c.jwks) }) })),
  );
  const holdings = await openHoldings(config, { clock, random, log });
  const { seal, audit, ring } = holdings;
  const providers = await openCustomers(config, parts.providers, holdings, { clock, log }).catch((problem: unknown) =>
    holdings.close().then(() => Promise.reject(problem)),
  );
  const store = gatedStore(holdings.store, providers.stands);
  const insecure = config.issuer.startsWith("http:");
  const { lifetimes } = config;
  const times = { lifetime: lifetimes.session, idle: lifetimes.sessionIdle, insecure };
  const sessions = createSessions({ store, seal, clock, random }, times);
  const networks = createNetworks(config.networks);
  const shared = { issuer: config.issuer, store, seal, clock, random, audit, sessions, networks, policy };
  const relyingParty = createRelyingParty({
    ...shared,
    options: config.upstream,
    clientKey: () => ring.client().active,
    clientJwks: () => ring.client().jwks,
    providers,
    fetch: makeGuardedFetch(probeRules(config.probe, config.upstream)),
    times: lifetimes,
    insecure,
    grantEnded: (grant) => issuer.endGrant(grant),
  });
  const issued = { times: { ...lifetimes, interval: config.device.interval }, ...pushParts(config, parts, log) };
  const readiness: Readiness = { leaving: false };
  const issuer: Issuer = createIssuer({ ...shared, ...issued, keys: () => ring.token(), relyingParty }, clients);
  const routes = [
    ...healthRoutes({ store: () => store.ping(), audit: async () => audit.check() }, readiness),
    ...assetRoutes(),
    ...[...issuer.routes, ...relyingParty.routes].map((route) => audited(holdings, joining(route))),
  ];
  const address = readerOf(config, log);
  audit.record("broker.started", { issuer: config.issuer, store: config.store.kind, policy: policy.digest });
  gate.open(createFront({ issuer: config.issuer, routes, sessions, clock, log, address, insecure }));
  const unread = every(readProvidersEveryMs, () => void providers.refresh());
  return brokerOf(listening, holdings, readiness, async () => {
    unread();
    await issuer.stop(backgroundGraceMillis);
  });
}

const readerOf = ({ trustedProxies, forwardingHeader: header }: BrokerConfig, log: Log) =>
  addressReader(trustedProxies, { header, notice: (says) => log.warn(says) });

const pushParts = ({ push }: BrokerConfig, { tellCloud: tell }: BrokerParts, log: Log) =>
  tell === undefined || !push.enabled
    ? {}
    : {
        push: {
          tell,
          every: push.every,
          notice: (says: string, problem?: unknown) =>
            log.error({ ...(problem !== undefined && { err: problem }) }, says),
        },
      };

/** The customers' identity providers, with what the store remembers of closed ones. */
async function openCustomers(
  config: BrokerConfig,
  read: ReadTables,
  { store, audit }: BrokerHoldings,
  { clock, log }: { clock: Clock; log: Log },
): Promise<Providers> {
  const { session, family } = config.lifetimes;
  const notice = (says: string, problem?: unknown) => log.error({ err: problem }, says);
  const longest = seconds(session + family);
  const robots = new Set(config.clients.flatMap(({ machine }) => (machine ? [machine.upstream] : [])));
  const providers = openProviders({ read, issuer: config.issuer, robots, store, clock, audit, longest, notice });
  await providers.refresh();
  return providers;
}

/** Whoever develops with a realm on this very machine has the customers there too. */
const probeRules = (
  { allow, proxy }: BrokerConfig["probe"],
  { allowInsecureLoopback, timeout }: BrokerConfig["upstream"],
) =>
  rulesFor([...allow, ...(allowInsecureLoopback ? ["127.0.0.0/8", "::1/128"] : [])], {
    proxy,
    timeoutMs: Math.min(5, timeout) * 1000,
  });

function brokerOf(
  listening: Listening,
  holdings: BrokerHoldings,
  readiness: Readiness,
  rest: () => Promise<void>,
): Broker {
  return {
    port: listening.port,
    store: holdings.store,
    audit: holdings.audit,
    stop: async (grace = graceMillis) => {
      readiness.leaving = true;
      await listening.close(grace);
      await rest();
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
