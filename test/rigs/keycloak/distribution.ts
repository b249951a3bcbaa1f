import { copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { acquire, type BuildStep } from "../support/acquire.ts";
import { freePorts } from "../support/free-port.ts";
import { answers } from "../support/probe.ts";
import { run } from "../support/run.ts";
import { say } from "../support/say.ts";
import { startServer } from "../support/server-process.ts";
import { ensureSystemPackages } from "../support/system-packages.ts";
import { waitUntil } from "../support/wait-until.ts";
import { layHome } from "./home.ts";
import { javaArguments, TUNING } from "./java.ts";

/** The server's version. */
export const KEYCLOAK_VERSION = "26.7.4";
/** The oldest one that realm files are tried on: the last release of the first minor version that has organizations. */
export const OLDEST_KEYCLOAK_VERSION = "26.0.8";
/** The admin of the `master` realm in every rig. */
export const ADMIN = { user: "admin", password: "rig-admin" } as const;

const FETCHER = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";
// Options of the build, not of the start: given at the start they would only be warned about.
const BUILD_OPTIONS = ["--db=dev-file", "--health-enabled=true", "--metrics-enabled=false"];
const CACHE = "--cache=local";

/** Older versions take the kind of cache at the start, the present one at its build. */
const startOptions = (version: string): readonly string[] => (version === KEYCLOAK_VERSION ? [] : [CACHE]);
const buildOptions = (version: string): readonly string[] =>
  version === KEYCLOAK_VERSION ? [...BUILD_OPTIONS, CACHE] : BUILD_OPTIONS;

/** What is in the cache. */
export interface KeycloakDistribution {
  readonly dist: string;
  /** The JVM's archive of loaded classes: saves half of the start. */
  readonly classArchive: string;
  /** A database that has the schema, the master realm and its admin: a start from it needs no migration. */
  readonly database: string;
  /** Options that this version wants at each start. */
  readonly startOptions?: readonly string[];
}

/** Fetches and builds a Keycloak once, and makes the class archive and the database that all starts begin with. */
export async function acquireKeycloak(version: string = KEYCLOAK_VERSION): Promise<KeycloakDistribution> {
  await ensureSystemPackages(["java", "maven", "unzip"]);
  const java = await run("java", ["--version"]);
  const folder = await acquire({
    name: "keycloak",
    inputs: [version, FETCHER, ...buildOptions(version), java, ...TUNING.fast, ADMIN.user, ADMIN.password],
    build: (into, step) => build(into, step, version),
  });
  return { ...inside(folder), startOptions: startOptions(version) };
}

function inside(folder: string): KeycloakDistribution {
  return {
    dist: join(folder, "dist"),
    classArchive: join(folder, "classes.jsa"),
    database: join(folder, "keycloakdb.mv.db"),
  };
}

async function build(folder: string, step: BuildStep, version: string): Promise<void> {
  const made = inside(folder);
  const unpacked = join(folder, `keycloak-${version}`);
  const coordinates = `org.keycloak:keycloak-quarkus-dist:${version}:zip`;
  await step("mvn", ["-B", "-q", FETCHER, `-Dartifact=${coordinates}`, `-DoutputDirectory=${join(folder, "zip")}`]);
  await step("unzip", ["-q", join(folder, "zip", `keycloak-quarkus-dist-${version}.zip`), "-d", folder]);
  rmSync(join(folder, "zip"), { recursive: true });
  renameSync(unpacked, made.dist);
  await step(join(made.dist, "bin", "kc.sh"), ["build", ...buildOptions(version)]);
  await firstStart(folder, made, startOptions(version));
}

/** Lets a server make its schema and admin, and writes down on its end which classes it had loaded. */
async function firstStart(folder: string, made: KeycloakDistribution, options: readonly string[]): Promise<void> {
  say("keycloak: first start, for the database and the class archive");
  const home = join(folder, "first");
  mkdirSync(home);
  layHome(home, made.dist);
  const [port = 0, managementPort = 0] = await freePorts(2);
  const server = await startServer({
    name: "Keycloak (first start)",
    command: "java",
    args: javaArguments({
      ...{ dist: made.dist, home, jvm: "fast", heap: "512m", port, managementPort },
      jvmOptions: [`-XX:ArchiveClassesAtExit=${made.classArchive}`],
      options,
    }),
    env: { KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.user, KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password },
    logFile: join(folder, "first.log"),
    // The archive is written at the end, which takes a while.
    end: { graceMs: 180_000 },
  });
  try {
    const wait = { what: "Keycloak was ready", servers: [server], timeoutMs: 300_000 };
    await waitUntil(wait, () => answers(`http://127.0.0.1:${managementPort}/health/ready`));
    // Classes that only a request loads belong into the archive, too.
    await answers(`http://127.0.0.1:${port}/realms/master/.well-known/openid-configuration`);
  } finally {
    await server.stop();
  }
  copyFileSync(join(home, "data", "h2", "keycloakdb.mv.db"), made.database);
  rmSync(home, { recursive: true });
}
