import { mkdirSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join, resolve } from "node:path";
import { freePort } from "../support/free-port.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { ensureSystemPackages } from "../support/system-packages.ts";
import { waitUntil } from "../support/wait-until.ts";

/** What a Redis shall be like. */
export interface RedisOptions {
  readonly dir: string;
  readonly port?: number;
  /** How soon a write is on the disk; `everysec` if not given. `never` keeps nothing over a restart. */
  readonly appendfsync?: "always" | "everysec" | "no" | "never";
  /** More lines for its configuration file. */
  readonly configuration?: readonly string[];
}

/** A Redis that is ready. */
export interface RedisRig {
  readonly url: string;
  readonly port: number;
  readonly processes: readonly ServerProcess[];
  readonly stop: () => Promise<void>;
  /** SIGKILL, as in a power cut. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port with what it had written down; stops it first if it runs. */
  readonly restart: () => Promise<void>;
}

/** Starts a Redis of its own on loopback; never the system's one. */
export async function startRedis(options: RedisOptions): Promise<RedisRig> {
  await ensureSystemPackages(["redis"]);
  const port = options.port ?? (await freePort());
  const dir = resolve(options.dir);
  const configuration = writeConfiguration(dir, port, options);
  const start = () => launch(dir, port, configuration);
  let server = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get processes() {
      return [server];
    },
    stop: () => server.stop(),
    kill: () => server.kill(),
    restart: async () => {
      await server.stop();
      server = await start();
    },
  };
}

function writeConfiguration(dir: string, port: number, options: RedisOptions): string {
  const appendfsync = options.appendfsync ?? "everysec";
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    "daemonize no",
    `dir "${dir}"`,
    'save ""',
    // An eviction would take logins away at random; a full store must refuse instead.
    "maxmemory-policy noeviction",
    ...(appendfsync === "never" ? ["appendonly no"] : ["appendonly yes", `appendfsync ${appendfsync}`]),
    ...(options.configuration ?? []),
  ];
  mkdirSync(dir, { recursive: true });
  const file = join(dir, "redis.conf");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

async function launch(dir: string, port: number, file: string): Promise<ServerProcess> {
  const logFile = join(dir, "redis.log");
  const server = await startServer({ name: "Redis", command: "redis-server", args: [file], logFile });
  try {
    await waitUntil({ what: "Redis was ready", servers: [server], timeoutMs: 20_000 }, () => pongs(port));
  } catch (error) {
    await server.kill();
    throw error;
  }
  return server;
}

/** While it loads its file, Redis listens already and answers LOADING. */
function pongs(port: number): Promise<boolean> {
  return new Promise((resolvePong) => {
    const socket = createConnection({ host: "127.0.0.1", port }, () => socket.write("PING\r\n"));
    const settle = (pong: boolean) => {
      socket.destroy();
      resolvePong(pong);
    };
    socket.setTimeout(1_000, () => settle(false));
    socket.once("error", () => settle(false));
    socket.once("data", (data) => settle(data.toString().startsWith("+PONG")));
  });
}
