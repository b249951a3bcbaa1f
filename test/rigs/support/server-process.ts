import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { serverEnvironment } from "./environment.ts";
import { guard, unguard } from "./guard.ts";
import { type EndOptions, end, endNow, identify, isAlive, type ProcessIdentity } from "./process-identity.ts";

/** What to start. */
export interface ServerCommand {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly end?: EndOptions;
}

/** A started server. */
export interface ServerProcess {
  readonly name: string;
  readonly identity: ProcessIdentity;
  readonly logFile: string;
  readonly endOptions: EndOptions;
  alive(): boolean;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Lets it live on when this process ends (`rig up`); else it dies with it. */
  release(): void;
}

/** Starts a server in a process group of its own, with its output in the log file only. */
export async function startServer(server: ServerCommand): Promise<ServerProcess> {
  mkdirSync(dirname(server.logFile), { recursive: true });
  const log = openSync(server.logFile, "a");
  // Detached from our output, or a pipeline around the caller would never end.
  const child = spawn(server.command, [...server.args], {
    cwd: server.cwd,
    detached: true,
    env: serverEnvironment(server.env),
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  await once(child, "spawn");
  child.unref();
  const pid = child.pid ?? 0;
  // A process that ended within this instant has no start time; it is then seen as not alive.
  const identity = identify(pid) ?? { pid, startTicks: "gone" };
  const endOptions = server.end ?? {};
  guard(identity, endOptions);
  const release = () => unguard(identity);
  return {
    name: server.name,
    identity,
    logFile: server.logFile,
    endOptions,
    alive: () => isAlive(identity),
    stop: () => end(identity, endOptions).then(release),
    kill: () => endNow(identity).then(release),
    release,
  };
}

/** Stops servers one after the other, in the order given. */
export async function stopInOrder(servers: readonly ServerProcess[]): Promise<void> {
  for (const server of servers) await server.stop();
}
