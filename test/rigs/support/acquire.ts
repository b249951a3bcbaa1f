import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./folders.ts";
import { withLock } from "./lock.ts";
import { RigAbsent } from "./rig-absent.ts";
import { run } from "./run.ts";
import { say, since } from "./say.ts";

/** Runs one build command, niced, with its output in the build log. */
export type BuildStep = (command: string, args: readonly string[], options?: StepOptions) => Promise<string>;

/** Where and with what a build command runs. */
export interface StepOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Something that is fetched and built once per machine. */
export interface Artifact {
  readonly name: string;
  /** Everything that decides what comes out: versions, module files, tool versions, options. */
  readonly inputs: readonly string[];
  /** Fills the folder. */
  readonly build: (folder: string, step: BuildStep) => Promise<void>;
}

const MARKER = "complete.json";

/**
 * Gives the folder of an artifact, building it if this machine has not got it. It is built in its final place under a
 * lock and counts only once the marker is renamed in: virtual environments and the JVM's class archive hold absolute
 * paths, so a folder that is built elsewhere and moved would be broken.
 */
export async function acquire(artifact: Artifact): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(artifact.inputs)).digest("hex").slice(0, 12);
  const folder = join(cacheFolder(), `${artifact.name}-${hash}`);
  if (existsSync(join(folder, MARKER))) return folder;
  return withLock(`${folder}.lock`, async () => {
    if (!existsSync(join(folder, MARKER))) await buildIn(folder, artifact);
    return folder;
  });
}

async function buildIn(folder: string, artifact: Artifact): Promise<void> {
  const started = Date.now();
  const logFile = `${folder}.log`;
  say(`${artifact.name}: not in the cache yet, building it (log: ${logFile})`);
  rmSync(folder, { recursive: true, force: true });
  rmSync(logFile, { force: true });
  mkdirSync(folder, { recursive: true });
  const step: BuildStep = async (command, args, options = {}) => {
    say(`${artifact.name}: ${since(started)}: ${[command.split("/").at(-1), ...args].join(" ").slice(0, 100)}`);
    const env = { ...process.env, ...options.env };
    return run(command, args, { nice: true, logFile, env, ...(options.cwd === undefined ? {} : { cwd: options.cwd }) });
  };
  try {
    await artifact.build(folder, step);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    rmSync(folder, { recursive: true, force: true });
    throw new RigAbsent(`${artifact.name} could not be built on this machine. ${because}\nThe whole log: ${logFile}`, {
      cause: error,
    });
  }
  const marker = join(folder, MARKER);
  writeFileSync(`${marker}.new`, JSON.stringify({ inputs: artifact.inputs }, null, 2));
  renameSync(`${marker}.new`, marker);
  say(`${artifact.name}: built in ${since(started)}`);
}
