import { parseArgs } from "node:util";
import { formatError, Progress } from "./progress.ts";

/** What a step tells of itself while it goes on. */
export interface Teller {
  /** Says what was seen. */
  say(text: string): void;
  /** Says what was found; the step has failed when it is not what it must be. */
  same(what: string, found: unknown, wanted: unknown): void;
}

/** One thing that is shown. A step that throws has not held, and the walk ends there. */
export interface Step<World> {
  /** A sentence for a stranger: what holds when it has run. */
  readonly name: string;
  run(world: World, tell: Teller): Promise<void>;
}

/** Is told what to end; the last started is ended first, however the walk ends. */
export type AtEnd = (end: () => Promise<unknown>) => void;

/** A scripted walk through the product on real servers. */
export interface Walk<World> {
  readonly name: string;
  /** A sentence or two before the first step: what is real, what is not waited for. */
  readonly about: readonly string[];
  /** The whole walk, without its clean-up, ends within this many seconds. */
  readonly limit: number;
  /** Starts what the steps need. */
  start(atEnd: AtEnd, tell: Teller): Promise<World>;
  readonly steps: readonly Step<World>[];
}

const startName = "The servers and the broker are started";
/** Servers that have not ended by then are ended by the rigs' own watcher as soon as this process is gone. */
const cleanUpLimit = 45;

/** Why a walk ends before its last step, besides a step that fails. */
class Interrupted extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Takes a walk from its start to its end and says what held. Answers the exit code: 0 only when every step held, 1 when
 * one did not, 2 for an option that does not exist, 130 after Ctrl-C.
 */
export async function take<World>(walk: Walk<World>, argv: readonly string[]): Promise<number> {
  const output = outputOf(argv);
  if (output === undefined) {
    console.error(`npm run walk -- ${walk.name} [--output text|json]`);
    return 2;
  }
  const progress = new Progress(walk, [startName, ...walk.steps.map((s) => s.name)], output);
  const ends: (() => Promise<unknown>)[] = [];
  const watch = watchFor(walk.limit);
  let exitCode = 0;
  try {
    await Promise.race([watch.interrupted, goThrough(walk, progress, ends, watch)]);
  } catch (error) {
    exitCode = error instanceof Interrupted ? error.exitCode : 1;
    progress.failed(error);
  }
  watch.over();
  progress.note("ending everything that was started …");
  // Ctrl-C again, or a clean-up that hangs: the rigs' watcher ends what is left.
  const again = watchFor(cleanUpLimit);
  await Promise.race([again.interrupted, endAll(ends)]).catch((error: unknown) => {
    exitCode ||= 1;
    progress.note(`the clean-up did not end: ${formatError(error)}`);
  });
  again.over();
  progress.summary(exitCode);
  return exitCode;
}

async function goThrough<World>(
  walk: Walk<World>,
  progress: Progress,
  ends: (() => Promise<unknown>)[],
  watch: Watch,
): Promise<void> {
  const step = async <T>(run: (tell: Teller) => Promise<T>): Promise<T> => {
    const tell = progress.begin();
    const result = await run(tell);
    // Interrupted meanwhile: nothing of it is told any more, and no further step begins.
    watch.check();
    progress.held();
    return result;
  };
  const world = await step((tell) => walk.start((end) => ends.push(end), tell));
  for (const { run } of walk.steps) await step((tell) => run(world, tell));
}

async function endAll(ends: readonly (() => Promise<unknown>)[]): Promise<void> {
  const problems: string[] = [];
  for (const end of [...ends].reverse()) await end().catch((error: unknown) => problems.push(formatError(error)));
  if (problems.length > 0) throw new Error(problems.join("; "));
}

interface Watch {
  /** Rejects when the time is over or somebody presses Ctrl-C. */
  readonly interrupted: Promise<never>;
  /** Throws if that has happened. */
  check(): void;
  over(): void;
}

function watchFor(limit: number): Watch {
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  let happened: Interrupted | undefined;
  const interrupt = (message: string, exitCode: number) => {
    happened ??= new Interrupted(message, exitCode);
    reject(happened);
  };
  const byHand = () => interrupt("stopped by hand", 130);
  const timer = setTimeout(() => interrupt(`more than ${limit} seconds have passed: the limit`, 1), limit * 1000);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, byHand);
  // Whoever races it sees it; nobody else needs to.
  interrupted.catch(() => undefined);
  return {
    interrupted,
    check: () => {
      if (happened) throw happened;
    },
    over: () => {
      clearTimeout(timer);
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(signal, byHand);
    },
  };
}

function outputOf(argv: readonly string[]): "text" | "json" | undefined {
  try {
    const { values } = parseArgs({ args: [...argv], options: { output: { type: "string", default: "text" } } });
    return values.output === "text" || values.output === "json" ? values.output : undefined;
  } catch {
    return undefined; // an option that does not exist
  }
}
