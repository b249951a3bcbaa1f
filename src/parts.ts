import { hostname } from "node:os";
import { parse } from "node:path";
import { type Audit, type AuditSink, createAudit, type Link, openAuditFile } from "./audit/index.ts";
import type { BrokerConfig } from "./config/index.ts";
import { atEndOfTurn, type Clock, every, Fault, makeSeal, type Random, type Seal } from "./core/index.ts";
import type { Log } from "./http/index.ts";
import { type KeyHome, type KeyRing, keyFileHome, openKeyRing, rotateIfDue, sharedKeyHome } from "./issuer/index.ts";
import { createMemoryStore, createRedisStore, type Store } from "./store/index.ts";

// The parts that the broker and the operator's commands both open, as the configuration says.

/** Opens the store. */
export const openStore = async (config: BrokerConfig, deps: { clock: Clock; random: Random }): Promise<Store> =>
  config.store.kind === "memory" ? createMemoryStore(deps) : createRedisStore({ ...config.store, ...deps });

/** Where the key set lives: a file, or the store, which only then is asked for. */
export const keyHomeOf = async (
  config: BrokerConfig,
  { clock, store, seal }: { clock: Clock; store: () => Promise<Store>; seal: Seal },
): Promise<KeyHome> =>
  typeof config.keys === "string" ? keyFileHome(config.keys, clock) : sharedKeyHome({ store: await store(), seal });

/** An audit that is open. */
export interface OpenAudit {
  readonly audit: Audit;
  /** How far the chain went; nothing without a file. */
  head(): Link | undefined;
  close(): void;
}

/**
 * Opens the audit: a chained file, or else `toLog`. One writer a file: `{host}` in its name stands for the machine's
 * name, and the operator's commands write to a file of their own beside the broker's.
 */
export function openAudit(
  config: BrokerConfig,
  deps: {
    clock: Clock;
    seal: Seal;
    writer: "broker" | "operator";
    toLog: AuditSink;
    /** Resolves when what `toLog` took is written; absent: it is when `toLog` returns. */
    written?: () => Promise<void>;
    notice(says: string): void;
  },
): OpenAudit {
  const { clock, seal, writer, toLog, written, notice } = deps;
  if (!config.audit) {
    return { audit: createAudit(clock, toLog, undefined, written), head: () => undefined, close: () => {} };
  }
  const file = openAuditFile(auditPath(config.audit.file, writer), {
    seal,
    clock,
    writtenBy: `${writer} ${hostname()}`,
    notice,
  });
  return {
    audit: createAudit(clock, file.sink, () => file.check()),
    head: () => file.head(),
    close: () => file.close(),
  };
}

/** The audit file of a writer: `audit.jsonl`, and `audit.operator.jsonl` beside it. */
export function auditPath(configured: string, writer: "broker" | "operator"): string {
  const path = configured.replaceAll("{host}", hostname());
  if (writer === "broker") return path;
  const { dir, name, ext } = parse(path);
  return `${dir}/${name}.operator${ext}`;
}

/** What a running broker holds open. */
export interface BrokerHoldings {
  readonly seal: Seal;
  readonly store: Store;
  readonly audit: Audit;
  /** Resolves when every entry so far is written: no answer leaves before. Rejects with `Fault` when one cannot be. */
  written(): Promise<void>;
  readonly ring: KeyRing;
  /** Lets go of everything, in order. */
  close(): Promise<void>;
}

/** Keys that are due are looked for, and the audit's head is told to the log, this often. */
const choresEveryMs = 60_000;

/** Opens store, keys and audit. Throws `Fault` when one cannot be had, and then holds none. */
export async function openHoldings(
  config: BrokerConfig,
  deps: { clock: Clock; random: Random; log: Log },
): Promise<BrokerHoldings> {
  const { clock, random, log } = deps;
  const seal = makeSeal(config.masterKey, random);
  const store = await openStore(config, deps);
  // Let go of in the reverse order, also when a later one cannot be had.
  const held: (() => void | Promise<void>)[] = [() => store.close()];
  try {
    const home = await keyHomeOf(config, { clock, store: async () => store, seal });
    const notice = (says: string, problem?: unknown) =>
      problem === undefined ? log.info(says) : log.error({ err: problem }, says);
    const ring = await openKeyRing({ home, clock, notice });
    held.push(() => ring.close());
    const { toLog, written } = auditInLog(log);
    const opened = openAudit(config, {
      clock,
      seal,
      writer: "broker",
      toLog,
      written,
      notice: (says) => log.error(says),
    });
    const { audit } = opened;
    held.push(tellHeads(opened, log), () => opened.close());
    held.push(every(choresEveryMs, lookForLosses(store, log)));
    held.push(every(choresEveryMs, () => void rotateDueKeys(config, { home, clock, store, audit, log })));
    return { seal, store, audit, written, ring, close: () => letGo(held) };
  } catch (problem) {
    await letGo(held);
    throw problem;
  }
}

/** The audit in the log: the entries of one turn of the event loop are written together, since a write each is dear. */
function auditInLog(log: Log): { toLog: AuditSink; written(): Promise<void> } {
  let writing: Promise<void> | undefined;
  const write = () => {
    writing = undefined;
    log.flush();
  };
  return {
    written: async () => writing,
    toLog: (entry) => {
      log.info({ audit: entry }, entry.event);
      writing ??= new Promise<void>(atEndOfTurn)
        .then(write)
        .catch((cause: unknown) => Promise.reject(new Fault("audit", "writing to the log", { cause })));
      writing.catch(() => {}); // whoever waits for it hears it
    },
  };
}

/** Lets go of everything, whatever one of them throws; then throws that. */
async function letGo(held: (() => void | Promise<void>)[]): Promise<void> {
  const last = held.pop();
  if (!last) return;
  try {
    await last();
  } finally {
    await letGo(held);
  }
}

/** Rotates what is due. A failure is told and tried again: the keys in use are good. */
async function rotateDueKeys(
  { keyRotation }: BrokerConfig,
  deps: { home: KeyHome; clock: Clock; store: Store; audit: Audit; log: Log },
): Promise<void> {
  if (!keyRotation) return;
  try {
    deps.audit.check();
    const made = await rotateIfDue(deps, keyRotation.every);
    if (made.length === 0) return;
    deps.audit.record("keys.rotated", { kids: made.map((k) => k.kid), because: "they were due" });
    deps.log.info({ kids: made.map((k) => k.kid) }, "new signing keys were published; they sign in a few minutes");
  } catch (problem) {
    deps.log.error({ err: problem }, "the signing keys are due, and could not be rotated");
  }
}

/** Tells the operator why everybody has to log in again (S-65). */
function lookForLosses(store: Store, log: Log): () => void {
  let known: string | undefined;
  const look = async () => {
    const epoch = await store.epoch().catch(() => known); // away: readiness says so
    if (known !== undefined && epoch !== known) log.warn("the store may have lost writes: logins from before are over");
    known = epoch;
  };
  void look();
  return () => void look();
}

/** Heads go to the log as well: whoever cuts the file and its head cannot reach what the log's collector has. */
function tellHeads(opened: OpenAudit, log: Log): () => void {
  let told = 0;
  const tell = () => {
    const head = opened.head();
    if (head === undefined || head.seq === told) return;
    told = head.seq;
    log.info({ auditHead: `${head.seq}:${head.hash}` }, "audit head");
  };
  const stop = every(choresEveryMs, tell);
  return () => {
    stop();
    tell();
  };
}
