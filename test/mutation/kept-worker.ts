import { EventEmitter } from "node:events";
import { ForksPoolWorker, type PoolOptions, type PoolWorker, type WorkerRequest } from "vitest/node";

/** What vitest's worker answers when it has begun or ended: said for it where it goes on. */
const answered = (type: "started" | "stopped") => ({ type, __vitest_worker_response__: true });

/** Sends a process its first message; resolves when it has begun. */
function begin(process: ForksPoolWorker, message: WorkerRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const onMessage = (response: { type?: string; error?: unknown }) => {
      if (response.type !== "started") return;
      process.off("message", onMessage);
      if (response.error) reject(response.error);
      else resolve();
    };
    process.on("message", onMessage);
    process.send(message);
  });
}

/**
 * A worker of vitest that lives from one run to the next, so that a change of the sources does not cost the loading of all
 * of them. Vitest begins and ends it once a run; the process behind it begins once and ends when it is told to.
 */
export class KeptWorkers {
  readonly name = "kept";
  #process: ForksPoolWorker | undefined;
  /** Resolved when the process has begun: on a busy machine that takes longer than vitest is ready to wait. */
  #begun: Promise<void> | undefined;
  /** Tests of these names run next; asked when a run is sent, since the process has the configuration of its start. */
  readonly #names: () => RegExp | undefined;

  constructor(names: () => RegExp | undefined) {
    this.#names = names;
  }

  /** Ends the process: the next run starts another. */
  async end(): Promise<void> {
    const ended = this.#process;
    this.#forget(ended);
    await ended?.stop();
  }

  readonly createPoolWorker = (options: PoolOptions): PoolWorker => {
    const heard = new EventEmitter();
    const say = (type: "started" | "stopped") => queueMicrotask(() => heard.emit("message", answered(type)));
    const fail = (error: Error) => heard.listenerCount("error") > 0 && heard.emit("error", error);
    const forward = [
      ["message", (...args: unknown[]) => heard.emit("message", ...args)],
      ["error", fail],
      // Told of an "exit" after a test has failed, vitest waits for ever for the worker to stop; after an error it stops it.
      ["exit", (code: unknown) => fail(new Error(`The worker ended with code ${code}.`))],
    ] as const;
    let process: ForksPoolWorker | undefined;
    return {
      name: this.name,
      cacheFs: true,
      on: (event, callback) => heard.on(event, callback),
      off: (event, callback) => heard.off(event, callback),
      deserialize: (data) => data,
      start: async () => {
        process = await this.#start(options);
        for (const [event, listener] of forward) process.on(event, listener);
      },
      send: (message) => {
        if (!process) return;
        if (message.type === "stop") say("stopped");
        else if (message.type === "start") {
          this.#begun ??= begin(process, message);
          say("started");
        } else if (message.type === "run") this.#begun?.then(() => process?.send(this.#named(message)));
        else process.send(message);
      },
      stop: async () => {
        // A process that has been ended has no listeners any more.
        if (process === this.#process) for (const [event, listener] of forward) process?.off(event, listener);
        process = undefined;
      },
    };
  };

  async #start(options: PoolOptions): Promise<ForksPoolWorker> {
    if (this.#process) return this.#process;
    const process = new ForksPoolWorker(options);
    this.#process = process;
    await process.start();
    process.on("exit", () => this.#forget(process));
    return process;
  }

  #forget(process: ForksPoolWorker | undefined): void {
    if (this.#process !== process) return;
    this.#process = undefined;
    this.#begun = undefined;
  }

  #named(message: WorkerRequest): WorkerRequest {
    const names = this.#names();
    if (message.type !== "run" || !names) return message;
    const files = message.context.files.map((file) => ({ ...file, testNamePattern: names }));
    return { ...message, context: { ...message.context, files } };
  }
}
