import { type Audit, type AuditSink, openAudit } from "../audit/index.ts";
import type { BrokerConfig } from "../config/index.ts";
import { type Clock, Fault, makeSeal, type Random, type Seal } from "../core/index.ts";
import { type KeyHome, openKeyHome } from "../issuer/index.ts";
import { openStore, type Store } from "../store/index.ts";

/**
 * A broker's own state, as its configuration names it. What an operation does not ask for is not opened, and needs neither
 * its server nor its secret.
 */
export interface BrokerState {
  readonly config: BrokerConfig;
  readonly clock: Clock;
  readonly seal: Seal;
  readonly keyHome: KeyHome;
  store(): Promise<Store>;
  /** Opens the operators' audit first: no ability to write it, no change (S-68). */
  audited<T>(change: (audit: Audit) => Promise<T>): Promise<T>;
}

/** What a broker's state is opened with. */
export interface BrokerStateDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Takes the audit's entries where the configuration names no file. */
  readonly toLog: AuditSink;
  /** Takes what an operator must know of the audit file. */
  notice(message: string): void;
}

/** Opens what the configuration names, works on it, and lets go. */
export type WithBrokerState = <T>(
  config: BrokerConfig,
  deps: BrokerStateDeps,
  work: (state: BrokerState) => Promise<T>,
) => Promise<T>;

/** See `WithBrokerState`. Throws `Fault` when something cannot be opened. */
export const withBrokerState: WithBrokerState = async (config, { clock, random, toLog, notice }, work) => {
  const seal = makeSeal(config.masterKey, random);
  let opened: Promise<Store> | undefined;
  const store = () => {
    opened ??= openStore(config.store, { clock, random });
    return opened;
  };
  const open = () => openAudit(config.audit, { clock, seal, writer: "operator", toLog, notice });
  try {
    return await work({
      config,
      clock,
      seal,
      store,
      keyHome: openedByUse(() => openKeyHome(config.keys, { clock, store, seal })),
      audited: async (change) => {
        const written = await patiently(clock, open);
        try {
          return await change(written.audit);
        } finally {
          written.close();
        }
      },
    });
  } finally {
    await (await opened)?.close();
  }
};

const openedByUse = (open: () => Promise<KeyHome>): KeyHome => ({
  name: "key set",
  read: async () => (await open()).read(),
  replace: async (known, next) => (await open()).replace(known, next),
  create: async (first) => (await open()).create(first),
});

/** A command takes a moment: the one that is at work is waited for. */
const lockTries = 50;
const lockPauseMillis = 200;

/** Opens the operators' audit, which one command at a time writes to. */
async function patiently<T>(clock: Clock, open: () => T): Promise<T> {
  for (let left = lockTries; ; left--) {
    try {
      return open();
    } catch (problem) {
      if (!(problem instanceof Fault && problem.retryable) || left === 0) throw problem;
      await clock.sleep(lockPauseMillis);
    }
  }
}
