import { join } from "node:path";

/** How the JVM is tuned: `fast` to start quickly (tests), `throughput` as Keycloak's own script does (load). */
export type Jvm = "fast" | "throughput";

/** Which Keycloak to run and how. */
export interface KeycloakJava {
  /** The unpacked and built distribution; never written to. */
  readonly dist: string;
  /** A home of its own, so that several servers run from one distribution: H2 locks its data folder. */
  readonly home: string;
  readonly jvm: Jvm;
  readonly heap: string;
  readonly port: number;
  readonly managementPort: number;
  /** JVM options and server options on top. */
  readonly jvmOptions?: readonly string[];
  readonly options?: readonly string[];
}

// The same as in kc.sh, which is not used: it stays as the parent of the real server, and it takes its own folder for
// the home.
const ALWAYS = [
  "-XX:MetaspaceSize=96M",
  "-XX:MaxMetaspaceSize=256m",
  "-Dfile.encoding=UTF-8",
  "-XX:+ExitOnOutOfMemoryError",
  "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=" +
    "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
  "-Duser.language=en",
  "-Duser.country=US",
  "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
  "-Dpicocli.disable.closures=true",
  "--add-opens=java.base/java.util=ALL-UNNAMED",
  "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
  "--add-opens=java.base/java.security=ALL-UNNAMED",
  "--add-opens=java.base/java.lang=ALL-UNNAMED",
];

/** The JVM's tuning; part of what the class archive depends on. */
export const TUNING: Readonly<Record<Jvm, readonly string[]>> = {
  fast: ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
  throughput: ["-XX:+UseG1GC"],
};

/** The arguments for `java`. */
export function javaArguments(keycloak: KeycloakJava): string[] {
  return [
    ...ALWAYS,
    ...TUNING[keycloak.jvm],
    "-Xms64m",
    `-Xmx${keycloak.heap}`,
    ...(keycloak.jvmOptions ?? []),
    `-Dkc.home.dir=${keycloak.home}`,
    `-Djboss.server.config.dir=${join(keycloak.home, "conf")}`,
    // The class path is always the cache's: the JVM refuses a class archive that was made with another path.
    ...["-cp", join(keycloak.dist, "lib", "quarkus-run.jar"), "io.quarkus.bootstrap.runner.QuarkusEntryPoint"],
    ...["start", "--optimized", "--http-enabled=true", "--http-host=127.0.0.1"],
    ...[`--http-port=${keycloak.port}`, `--http-management-port=${keycloak.managementPort}`],
    "--hostname-strict=false",
    ...(keycloak.options ?? []),
  ];
}
