import { readFileSync } from "node:fs";
import type { Audit } from "./audit/index.ts";
import type { BrokerConfig } from "./config/index.ts";
import { consoleRoutes } from "./console/index.ts";
import { type Clock, type Random, seconds, systemClock, type TargetName } from "./core/index.ts";
import {
  type AnyRoute,
  accessibilityRoutes,
  addressReader,
  answerBroken,
  assetRoutes,
  audited,
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
import { createIssuer, type Issuer, readClientKeys } from "./issuer/index.ts";
import {
  auditHeads,
  cloudGrants,
  createScheduler,
  holder,
  identityProviderFiles,
  keyRotation,
  leaseInStore,
  notices as noticesJob,
  type Scheduler,
  storeLosses,
  tenantJobs,
} from "./jobs/index.ts";
import { createDelivery, createWebhookCall, type NoticeDeps, openNotices } from "./notices/index.ts";
import {
  createTenantViews,
  type MembersAccess,
  openMembers,
  openRunningState,
  type PolicyFiles,
  type RunningState,
  type TargetWays,
} from "./operations/index.ts";
import type { Policy } from "./policy/index.ts";
import { openProvisioned, openSources } from "./provisioning/index.ts";
import {
  createRelyingParty,
  gatedStore,
  type IdentityProviders,
  openIdentityProviders,
  type ReadTables,
} from "./relying-party/index.ts";
import { type NotifyCloud, openRevocation, type Revocation } from "./revocation/index.ts";
import { scimRoutes } from "./scim/index.ts";
import type { Store } from "./store/index.ts";

/** A running broker. */
export interface Broker {
  readonly port: number;
  readonly store: Store;
  readonly audit: Audit;
  /** What runs by itself; ended first, since it uses what the broker holds. */
  readonly jobs: Pick<Scheduler, "start">;
  /** Not ready at once, requests under way finish, then everything is let go (S-69). */
  stop(graceMillis?: number): Promise<void>;
}

/** What a broker is made of besides its configuration. */
interface BrokerParts extends TargetWays {
  readonly policy: Policy;
  /** The policy's files, where the console changes them; absent: it changes nothing. */
  readonly policyFiles?: PolicyFiles;
  /** The targets that are kept in step by themselves (`follow`); absent: none. */
  readonly keptTargets?: ReadonlySet<TargetName>;
  /** What the realm files say of the customers' identity providers; asked again every now and then. */
  readonly identityProviders: ReadTables;
  /** How clouds are told what a person lost; absent: they are not. */
  readonly notifyCloud?: NotifyCloud;
  /** The way to people who live in the realm; default: by the account of the configuration. */
  readonly members?: MembersAccess;
  readonly clock: Clock;
  readonly random: Random;
  readonly log?: Log;
  /** Which time the jobs wait by; default: the machine's, also where a test moves `clock` by hand. */
  readonly jobsClock?: Clock;
}

/** Time that a job under way gets at a stop: a step on a target that is cut off is found and finished by the next run. */
export const jobGraceMillis = 3_000;

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
  const { clock, random, policy, policyFiles, log } = parts;
  const [clients, options] = [await readClients(config), noticeOptions(config)];
  const state = await openRunningState(config, { clock, random, log });
  const { seal, audit, ring } = state;
  const identityProviders = await openCustomers(config, parts.identityProviders, state, { clock, log }).catch(
    (problem: unknown) => state.close().then(() => Promise.reject(problem)),
  );
  const store = gatedStore(state.store, identityProviders.stands);
  const lifetimes = { ...config.lifetimes, login: config.lifetimes.family, interval: config.device.interval };
  const insecure = config.issuer.startsWith("http:");
  const times = { lifetime: lifetimes.session, idle: lifetimes.sessionIdle, insecure };
  const sessions = createSessions({ store, seal, clock, random }, times);
  const networks = createNetworks(config.networks);
  const sources = openSources(config.scim, (alias) => policy.tenantOfIdentityProvider(alias));
  const shared = { issuer: config.issuer, store, seal, clock, random, audit, sessions, networks, policy };
  const relyingParty = createRelyingParty({
    ...{ ...shared, options: config.upstream, identityProviders, times: lifetimes, insecure },
    ...clientKeysOf(ring),
    provisioned: openProvisioned(shared, sources),
    fetch: makeGuardedFetch(probeRules(config.probe, config.upstream)),
    grantEnded: (grant) => issuer.endGrant(grant),
  });
  const issuing = { ...shared, times: lifetimes, keys: () => ring.token(), relyingParty };
  const revocation = openRevocation(issuing, config.push, parts.notifyCloud, noticeOf(log));
  const issuer: Issuer = createIssuer({ ...issuing, events: revocation }, clients);
  const readiness: Readiness = { leaving: false };
  const notifying = { ...shared, options };
  const notices = openNotices(notifying);
  const members = parts.members ?? openMembers(config.upstream, identityProviders.organizationOf, { clock, random });
  const { stepUpAcr: stepUp } = config.upstream;
  const rooms = { ...parts, ...issuing, ...relyingParty, ...issuer, notices, sources, members, stepUp };
  const pages = [...consoleRoutes(rooms), ...accessibilityRoutes(config.issuer, config.accessibility)];
  const others = [...pages, ...pushRoutes(config, rooms, revocation)];
  const routes = routesOf(state, readiness, [...issuer.routes, ...relyingParty.routes, ...others]);
  audit.record("broker.started", { issuer: config.issuer, store: config.store.kind, policy: policy.digest });
  const address = readerOf(config, log);
  gate.open(createFront({ issuer: config.issuer, routes, sessions, clock, log, address, insecure }));
  const requests = { ...shared, policyFiles, notices, viewOf: createTenantViews(shared) };
  const jobs = startJobs(config, state, notifying, { ...parts, revocation, identityProviders });
  for (const job of policyFiles?.repository ? tenantJobs(requests) : []) jobs.scheduler.start(job);
  const held = { readiness, jobs, listening, revocation, state };
  return brokerOf(listening, state, jobs.scheduler, (grace) => letGo(held, grace));
}

/** What a broker that leaves lets go of, in this order. */
interface Held {
  readonly readiness: Readiness;
  readonly jobs: ReturnType<typeof startJobs>;
  readonly listening: Listening;
  readonly revocation: Revocation | undefined;
  readonly state: RunningState;
}

async function letGo({ readiness, jobs, listening, revocation, state }: Held, grace: number): Promise<void> {
  readiness.leaving = true;
  await jobs.scheduler.stop(jobGraceMillis);
  await listening.close(grace);
  await revocation?.stop(backgroundGraceMillis);
  await state.close();
  jobs.notifyHead(); // also of the entry that the chain ends here
}

/** What proves to the realm who we are; it changes while we run. */
const clientKeysOf = (ring: RunningState["ring"]) => ({
  clientKey: () => ring.client().active,
  clientJwks: () => ring.client().jwks,
});

const readClients = ({ clients }: BrokerConfig) =>
  Promise.all(
    clients.map(async (c) => ({ ...c, ...(c.jwks !== undefined && { keys: await readClientKeys(c.jwks) }) })),
  );

const brokerOf = (
  { port }: Listening,
  { store, audit }: RunningState,
  jobs: Scheduler,
  stop: (graceMillis: number) => Promise<void>,
): Broker => ({ port, store, audit, jobs, stop: (grace = graceMillis) => stop(grace) });

function routesOf({ store, audit, written }: RunningState, readiness: Readiness, ours: readonly Route[]): AnyRoute[] {
  const check = () => audit.check();
  const health = healthRoutes({ store: () => store.ping(), audit: async () => check() }, readiness);
  return [...health, ...assetRoutes(), ...ours.map((route) => audited({ check, written }, joining(route)))];
}

/** What customers' directories push by; who is taken out has clouds told at once. */
const pushRoutes = (
  { scim }: BrokerConfig,
  rooms: Omit<Parameters<typeof scimRoutes>[0], "notifyClouds">,
  revocation: Revocation | undefined,
): Route[] => scimRoutes({ ...rooms, notifyClouds: (sub) => revocation?.loginEnded(sub) }, scim.length > 0);

type JobParts = Pick<BrokerParts, "clock" | "random" | "jobsClock"> & {
  readonly log: Log;
  readonly revocation: Revocation | undefined;
  readonly identityProviders: IdentityProviders;
};

/** What runs by itself in every broker; more is started by who reads its files (`follow`). */
function startJobs(
  config: BrokerConfig,
  state: RunningState,
  notifying: NoticeDeps,
  { revocation, identityProviders, clock, random, log, jobsClock = systemClock }: JobParts,
) {
  const { keyRotation: rotation, push, notices } = config;
  const leaseOn = (name: string) => leaseInStore(state.store, name);
  const scheduler = createScheduler({ leaseOn, holder: holder(), clock: jobsClock, random, log });
  const heads = auditHeads(state, log);
  for (const job of [identityProviderFiles(identityProviders), storeLosses(state.store, log), heads])
    scheduler.start(job);
  if (revocation) scheduler.start(cloudGrants(push.every, revocation));
  if (rotation) scheduler.start(keyRotation(rotation.every, { ...state, clock, log }));
  if (notices) scheduler.start(noticesJob(createDelivery({ ...notifying, call: webhookCall(config), log })));
  return { scheduler, notifyHead: heads.notifyHead };
}

/** Whom notices go to; nobody where the configuration names nobody. */
function noticeOptions({
  notices: { mail, webhooks } = { webhooks: [], allow: [] },
}: BrokerConfig): NoticeDeps["options"] {
  if (mail === undefined) return { webhooks };
  const { caFile, ...other } = mail;
  return { webhooks, mail: { ...other, ...(caFile !== undefined && { ca: readFileSync(caFile, "utf8") }) } };
}

const webhookCall = ({ notices, probe: { proxy } }: BrokerConfig) =>
  createWebhookCall(rulesFor(notices?.allow ?? [], { proxy }));

const readerOf = ({ trustedProxies, forwardingHeader: header }: BrokerConfig, log: Log) =>
  addressReader(trustedProxies, { header, notice: (message) => log.warn(message) });

const noticeOf = (log: Log) => (message: string, problem?: unknown) =>
  log.error({ ...(problem !== undefined && { err: problem }) }, message);

/** The customers' identity providers, with what the store remembers of closed ones. */
async function openCustomers(
  config: BrokerConfig,
  read: ReadTables,
  { store, audit }: RunningState,
  { clock, log }: { clock: Clock; log: Log },
): Promise<IdentityProviders> {
  const notice = (message: string, problem?: unknown) => log.error({ err: problem }, message);
  const longest = seconds(config.lifetimes.session + config.lifetimes.family);
  const robots = new Set(config.clients.flatMap(({ machine }) => (machine ? [machine.upstream] : [])));
  const deps = { read, issuer: config.issuer, robots, store, clock, audit, longest, notice };
  const identityProviders = openIdentityProviders(deps);
  await identityProviders.refresh();
  return identityProviders;
}

/** Whoever develops with a realm on this machine has the customers there too. */
const probeRules = (
  { allow, proxy }: BrokerConfig["probe"],
  { allowInsecureLoopback, timeout }: BrokerConfig["upstream"],
) =>
  rulesFor([...allow, ...(allowInsecureLoopback ? ["127.0.0.0/8", "::1/128"] : [])], {
    proxy,
    timeoutMs: Math.min(5, timeout) * 1000,
  });

function listenOptions({ listen: { host, port, tls } }: BrokerConfig) {
  if (!tls) return { host, port };
  return { host, port, tls: { cert: readFileSync(tls.cert, "utf8"), key: readFileSync(tls.key, "utf8") } };
}
