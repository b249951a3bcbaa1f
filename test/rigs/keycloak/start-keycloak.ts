import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { freePort, freePorts } from "../support/free-port.ts";
import { onceOnly } from "../support/once-only.ts";
import { answers } from "../support/probe.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { waitUntil } from "../support/wait-until.ts";
import { ADMIN, acquireKeycloak } from "./distribution.ts";
import { layHome } from "./home.ts";
import { type Jvm, javaArguments } from "./java.ts";

/** What a Keycloak shall be like. */
export interface KeycloakOptions {
  /** Its home, data and log. A database that is there already is kept; else a pristine one is laid. */
  readonly dir: string;
  readonly jvm?: Jvm;
  /** Default: the present one, see `KEYCLOAK_VERSION`. */
  readonly version?: string | undefined;
  /** PEM files with authorities that it shall trust, e.g. the test CA in front of the broker's keys. */
  readonly truststoreFiles?: readonly string[];
  readonly port?: number;
  readonly heap?: string;
  /** More options of `kc.sh start`. */
  readonly options?: readonly string[];
}

/** A Keycloak that is ready. */
export interface KeycloakRig {
  readonly url: string;
  readonly adminUser: string;
  readonly adminPassword: string;
  readonly pid: number;
  readonly logFile: string;
  readonly processes: readonly ServerProcess[];
  readonly stop: () => Promise<void>;
}

/** Starts a real Keycloak on loopback, plain http. Several may run side by side, each in a folder of its own. */
export async function startKeycloak(options: KeycloakOptions): Promise<KeycloakRig> {
  const cached = await acquireKeycloak(options.version);
  const dir = resolve(options.dir);
  const home = join(dir, "home");
  layHome(home, cached.dist);
  const database = join(home, "data", "h2", "keycloakdb.mv.db");
  if (!existsSync(database)) {
    mkdirSync(join(home, "data", "h2"));
    copyFileSync(cached.database, database);
  }
  const jvm = options.jvm ?? "fast";
  const port = options.port ?? (await freePort());
  const [managementPort = 0] = await freePorts(1);
  const trusted = (options.truststoreFiles ?? []).map((file) => resolve(file));
  const server = await startServer({
    name: "Keycloak",
    command: "java",
    args: javaArguments({
      ...{ dist: cached.dist, home, jvm, heap: options.heap ?? "512m", port, managementPort },
      jvmOptions: jvm === "fast" ? [`-XX:SharedArchiveFile=${cached.classArchive}`] : [],
      options: [
        ...(cached.startOptions ?? []),
        ...(trusted.length > 0 ? [`--truststore-paths=${trusted.join(",")}`] : []),
        ...(options.options ?? []),
      ],
    }),
    logFile: join(dir, "keycloak.log"),
  });
  try {
    const wait = { what: "Keycloak was ready", servers: [server], timeoutMs: 180_000 };
    await waitUntil(wait, () => answers(`http://127.0.0.1:${managementPort}/health/ready`));
  } catch (error) {
    await server.kill();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    adminUser: ADMIN.user,
    adminPassword: ADMIN.password,
    pid: server.identity.pid,
    logFile: server.logFile,
    processes: [server],
    stop: onceOnly(() => server.stop()),
  };
}
