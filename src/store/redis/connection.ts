import { Redis } from "ioredis";
import {
  atEndOfTurn,
  Bug,
  type Clock,
  every,
  Fault,
  type Random,
  type Secret,
  systemClock,
  token,
} from "../../core/index.ts";
import { type ScriptName, scripts } from "./scripts.ts";

/** What a connection is given. */
interface ConnectionOptions {
  /** `redis://[user:password@]host:port[/db]`, or `rediss://` for TLS. */
  readonly url: Secret;
  readonly clock: Clock;
  readonly random: Random;
  /** Before every key. */
  readonly prefix: string;
}

/** No reply within this: the caller hears `Fault`. Far above the 25 ms that a busy Redis needs, far below a browser's patience. */
const commandTimeoutMs = 1_000;
/** How often it is looked whether a command has waited too long: one timer for all, since one each costs a third of a command. */
const lookEveryMs = 100;
/** No data at all within this: the socket is given up, so that commands do not queue behind a hung server. */
const socketTimeoutMs = 1_500;
/** Longest pause between two attempts to connect; with the connect timeout it keeps "ready again" below 3 s (S-64). */
const longestPauseMs = 500;
/** How long the very first commands wait for the first contact. Afterwards nobody waits: fail fast. */
const firstContactMs = 2_000;
/** The epoch's life, renewed at every contact: no key is without an end. */
const epochTtlMs = 400 * 86_400_000;
/** How often the epoch is looked at: a copy that is older by more than this is noticed, whatever the server says of itself. */
const epochEveryMs = 1_000;

/** Where keys are: gone with the epoch (S-65), or kept across epochs. */
export type Home = "epoch" | "lasting";

/** What a server says of itself. */
interface Server {
  readonly run: string;
  /** Another run of it has all that was written before. */
  readonly durable: boolean;
}

/** A command that was sent. */
interface Waiting {
  /** The look before it was sent. */
  readonly since: number;
  readonly giveUp: (problem: Error) => void;
}

type Scripted = Redis & Record<`cloudpass_${ScriptName}`, (...args: (string | number)[]) => Promise<unknown>>;

/** One connection to one Redis server, re-made whenever it breaks. */
export class Connection {
  readonly #redis: Scripted;
  readonly #options: ConnectionOptions;
  readonly #firstContact: Promise<void>;
  readonly #patience: Promise<void>;
  readonly #stopWaiting = new AbortController();
  /** Milliseconds between the injected clock and the server's, measured once: instances with skewed clocks agree on ends. */
  #offset: number | undefined;
  #greeting: Promise<void> | undefined;
  #server: Server | undefined;
  /** Known while connected. Every key but lasting ones is under it: what a server holds of an older one is not found. */
  #epoch: string | undefined;
  /** The epoch's latest moment that was seen. */
  #moment = 0;
  /** Oldest first. */
  readonly #waiting = new Set<Waiting>();
  readonly #stopLooking: () => void;
  readonly #stopRenewing: () => void;
  /** How many times it was looked whether a command waits too long. */
  #looks = 0;
  #gathering = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#redis = open(options.url);
    this.#stopLooking = every(lookEveryMs, () => this.#giveUpLate());
    this.#stopRenewing = every(epochEveryMs, () => void this.#renewEpoch().catch(() => undefined)); // the next one may
    const first = Promise.withResolvers<void>();
    this.#firstContact = first.promise;
    this.#patience = systemClock.sleep(firstContactMs, this.#stopWaiting.signal);
    this.#redis.on("error", () => {}); // told to each caller as a Fault; without a listener ioredis prints it
    this.#redis.on("close", () => {
      this.#greeting = undefined;
      this.#server = undefined;
      this.#epoch = undefined;
    });
    this.#redis.on("ready", () => {
      this.#greeted().then(
        () => first.resolve(),
        () => {},
      ); // a failed greeting is repeated by whoever needs it
    });
  }

  /** Runs one script. Throws `Fault` when the server does not answer in time. */
  run(home: Home, script: ScriptName, key: string, ...args: readonly (string | number)[]): Promise<unknown> {
    return this.#asking(script, (redis) => {
      const prefix = this.#prefixOf(home);
      return redis[`cloudpass_${script}`](prefix + key, prefix, String(Math.floor(this.now())), ...args);
    });
  }

  /** Reads one key. */
  read(home: Home, key: string): Promise<string | null> {
    return this.#asking("get", (redis) => redis.get(this.#prefixOf(home) + key));
  }

  /** The store's time in milliseconds, after the first contact: the server's then, carried on by the injected clock. */
  now(): number {
    return this.#options.clock.millis() + (this.#offset ?? 0);
  }

  async epoch(): Promise<string> {
    return this.#asking("epoch", async () => {
      if (this.#redis.status !== "ready") throw new Error("not connected");
      return this.#knownEpoch();
    });
  }

  async ping(): Promise<void> {
    await this.#asking("ping", (redis) => redis.ping());
  }

  close(): void {
    this.#stopWaiting.abort();
    this.#stopLooking();
    this.#stopRenewing();
    this.#redis.disconnect();
  }

  #prefixOf(home: Home): string {
    const { prefix } = this.#options;
    return home === "lasting" ? prefix : `${prefix}${this.#knownEpoch()}:`;
  }

  #knownEpoch(): string {
    if (this.#epoch === undefined) throw new Error("not connected");
    return this.#epoch;
  }

  /** Waits until the server is known; before the first contact, but never longer than `firstContactMs` after the start. */
  async #contact(): Promise<void> {
    if (this.#redis.status === "ready") await this.#greeted();
    else await Promise.race([this.#firstContact, this.#patience]);
    this.#knownEpoch();
  }

  #greeted(): Promise<void> {
    this.#greeting ??= this.#greet().catch((problem: unknown) => {
      this.#greeting = undefined;
      throw problem;
    });
    return this.#greeting;
  }

  /** Once per connection: the server's time (first contact only) and whether it may have lost writes since the last one. */
  async #greet(): Promise<void> {
    const { clock, random } = this.#options;
    if (this.#offset === undefined) {
      const before = clock.millis();
      const [secs, micros] = await this.#answered((redis) => redis.time());
      this.#offset ??= Math.round(Number(secs) * 1000 + Number(micros) / 1000 - (before + clock.millis()) / 2);
    }
    const run = /^run_id:(\S+)/m.exec(await this.#answered((redis) => redis.info("server")))?.[1] ?? token(random, 8);
    this.#server = { run, durable: await this.#losesNothing() };
    await this.#renewEpoch();
    this.#stopWaiting.abort();
  }

  /** Does nothing unless connected. */
  async #renewEpoch(): Promise<void> {
    if (this.#server === undefined) return;
    const { prefix, random } = this.#options;
    const { run, durable } = this.#server;
    const about = [String(Math.floor(this.now())), run, token(random, 16), durable ? "1" : "0"];
    const args = [`${prefix}epoch`, prefix, ...about, String(epochTtlMs), String(this.#moment)];
    const found = (await this.#answered((redis) => redis.cloudpass_epoch(...args))) as [token: string, moment: string];
    this.#epoch = found[0];
    this.#moment = Math.max(this.#moment, Number(found[1]));
  }

  /**
   * True when every write is on disk before it is answered: only then does a restart lose nothing (decision 0010). What was
   * a replica once may have taken over without the last writes.
   */
  async #losesNothing(): Promise<boolean> {
    if (!/^second_repl_offset:-1\r?$/m.test(await this.#answered((redis) => redis.info("replication")))) return false;
    if (!/^aof_enabled:1/m.test(await this.#answered((redis) => redis.info("persistence")))) return false;
    try {
      const policy = await this.#answered((redis) => redis.config("GET", "appendfsync"));
      return String(policy ?? "").includes("always");
    } catch {
      return false; // CONFIG is often forbidden on rented servers: assume the worse
    }
  }

  /** Asks after the first contact. Throws `Fault` when there is no answer in time. */
  async #asking<T>(operation: string, ask: (redis: Scripted) => Promise<T>): Promise<T> {
    try {
      if (this.#epoch === undefined) await this.#contact();
      return await this.#answered(ask);
    } catch (problem) {
      throw faultOf(operation, problem);
    }
  }

  /** The answer to a command, or an error when it does not come in time. */
  #answered<T>(ask: (redis: Scripted) => Promise<T>): Promise<T> {
    this.#gather();
    return new Promise((resolve, reject) => {
      const waiting = { since: this.#looks, giveUp: reject };
      this.#waiting.add(waiting);
      const settle =
        <V>(how: (value: V) => void) =>
        (value: V) => {
          this.#waiting.delete(waiting);
          how(value);
        };
      ask(this.#redis).then(settle(resolve), settle(reject));
    });
  }

  /** Sends what is asked for within one turn of the event loop in one write. */
  #gather(): void {
    const { stream } = this.#redis;
    if (this.#gathering || stream === undefined) return;
    this.#gathering = true;
    stream.cork();
    atEndOfTurn(() => {
      this.#gathering = false;
      stream.uncork();
    });
  }

  #giveUpLate(): void {
    this.#looks++;
    for (const waiting of this.#waiting) {
      if ((this.#looks - waiting.since) * lookEveryMs < commandTimeoutMs) return;
      this.#waiting.delete(waiting);
      waiting.giveUp(new Error("no answer in time"));
    }
  }
}

const faultOf = (operation: string, problem: unknown): Error =>
  problem instanceof Bug ? problem : new Fault("redis", operation, { cause: bare(problem) });

/** An error of ioredis carries the command's arguments, after a failed AUTH the password: only its text goes on. */
const bare = (problem: unknown): Error => new Error(problem instanceof Error ? problem.message : "unknown error");

function open(url: Secret): Scripted {
  const text = url.reveal();
  if (!/^rediss?:\/\//i.test(text) || !URL.canParse(text))
    throw new Bug("redis: the url is neither redis:// nor rediss://");
  const redis = new Redis(text, {
    // A command that cannot be sent now is refused now; one whose answer was lost is never sent twice.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    socketTimeout: socketTimeoutMs,
    connectTimeout: commandTimeoutMs,
    maxLoadingRetryTime: longestPauseMs,
    retryStrategy: (attempt) => Math.min(longestPauseMs, 25 * 2 ** Math.min(attempt, 10)),
    // A demoted primary answers READONLY: the name may lead to the new one.
    reconnectOnError: (problem) => problem.message.startsWith("READONLY"),
    connectionName: "cloudpass",
    disableClientInfo: true,
  });
  for (const [name, lua] of Object.entries(scripts)) redis.defineCommand(`cloudpass_${name}`, { numberOfKeys: 1, lua });
  return redis as Scripted;
}
