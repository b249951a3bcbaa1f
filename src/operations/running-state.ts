import { type Audit, auditInLog, type Link, openAudit } from "../audit/index.ts";
import type { BrokerConfig } from "../config/index.ts";
import { type Clock, makeSeal, type Random, type Seal } from "../core/index.ts";
import type { Log } from "../http/index.ts";
import { type KeyHome, type KeyRing, openKeyHome, openKeyRing } from "../issuer/index.ts";
import { openStore, type Store } from "../store/index.ts";

/** What a running broker holds open. */
export interface RunningState {
  readonly seal: Seal;
  readonly store: Store;
  readonly audit: Audit;
  /** Resolves when every entry so far is written: no answer leaves before. Rejects with `Fault` when one cannot be. */
  written(): Promise<void>;
  /** How far the audit's file went; nothing without a file. */
  head(): Link | undefined;
  readonly home: KeyHome;
  readonly ring: KeyRing;
  /** Lets go of everything, in order. */
  close(): Promise<void>;
}

/** Opens store, keys and audit. Throws `Fault` when one cannot be had, and then holds none. */
export async function openRunningState(
  config: BrokerConfig,
  { clock, random, log }: { clock: Clock; random: Random; log: Log },
): Promise<RunningState> {
  const seal = makeSeal(config.masterKey, random);
  const store = await openStore(config.store, { clock, random });
  // Let go of in the reverse order, also when a later one cannot be had.
  const held: (() => void | Promise<void>)[] = [() => store.close()];
  try {
    const home = await openKeyHome(config.keys, { clock, store: async () => store, seal });
    const notify = (message: string, problem?: unknown) =>
      problem === undefined ? log.info(message) : log.error({ err: problem }, message);
    const ring = await openKeyRing({ home, clock, notice: notify });
    held.push(() => ring.close());
    const { toLog, written } = auditInLog(log);
    const notice = (message: string) => log.error(message);
    const opened = openAudit(config.audit, { clock, seal, writer: "broker", toLog, written, notice });
    held.push(() => opened.close());
    const { audit, head } = opened;
    return { seal, store, audit, written, head, home, ring, close: () => letGo(held) };
  } catch (problem) {
    await letGo(held);
    throw problem;
  }
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
