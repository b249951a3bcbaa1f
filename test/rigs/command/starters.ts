import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startKeycloak } from "../keycloak/start-keycloak.ts";
import { startKeystone } from "../keystone/start-keystone.ts";
import { startKubernetes } from "../kubernetes/start-kubernetes.ts";
import { startRedis } from "../redis/start-redis.ts";
import { stateFolder } from "../support/folders.ts";
import type { ServerProcess } from "../support/server-process.ts";
import { createTestCa, type TestCa } from "../support/test-ca.ts";
import { type Flags, numberOf, type ServerName } from "./arguments.ts";
import { Mistake } from "./mistake.ts";

/** A server that was started, in the words of the command. */
export interface Started {
  readonly processes: readonly ServerProcess[];
  readonly scratch?: readonly string[];
  readonly facts: Readonly<Record<string, string>>;
}

/** How each kind is started from the command line. */
export const STARTERS: Readonly<Record<ServerName, (instance: string, dir: string, flags: Flags) => Promise<Started>>> =
  {
    keycloak: async (_instance, dir, flags) => {
      const jvm = flags.jvm ?? "fast";
      if (jvm !== "fast" && jvm !== "throughput") throw new Mistake(`--jvm ${jvm}: it is either fast or throughput.`);
      const ca = await rigCa(flags);
      const rig = await startKeycloak({
        dir,
        jvm,
        truststoreFiles: [ca.certFile, ...(flags.trust ?? [])],
        ...port(flags),
      });
      const facts = { url: rig.url, admin: rig.adminUser, password: rig.adminPassword, "trusted CA": ca.certFile };
      return { processes: rig.processes, facts };
    },
    keystone: async (instance, dir, flags) => {
      const ca = await rigCa(flags);
      const issuer = flags.issuer ?? "https://127.0.0.1:8443";
      const jwksUri = flags["jwks-uri"] ?? `${issuer}/jwks`;
      const audience = flags.audience ?? instance;
      const snippet = flags.snippet === undefined ? {} : { apacheSnippet: readText(flags.snippet) };
      const trust = { issuer, jwksUri, audience, caFile: ca.certFile, ...snippet };
      const rig = await startKeystone({ dir, name: instance, ...trust, ...port(flags) });
      const facts = { url: rig.url, "without Apache": rig.directUrl, admin: "admin", password: rig.adminPassword };
      return { processes: rig.processes, scratch: rig.scratch, facts: { ...facts, issuer, audience, CA: ca.certFile } };
    },
    kubernetes: async (_instance, dir, flags) => {
      const ca = await rigCa(flags);
      const authenticationConfiguration =
        flags.authentication === undefined ? NOBODY : readJson(flags.authentication, readText(flags.authentication));
      const rig = await startKubernetes({ dir, ca, authenticationConfiguration, ...port(flags) });
      const { server, adminKubeconfig, kubectl, kubelogin, caFile } = rig;
      const facts = { url: server, kubeconfig: adminKubeconfig, kubectl, kubelogin, CA: caFile };
      return { processes: rig.processes, facts: { ...facts, authentication: join(dir, "authentication.json") } };
    },
    redis: async (_instance, dir, flags) => {
      const rig = await startRedis({ dir, ...port(flags) });
      return { processes: rig.processes, facts: { url: rig.url } };
    },
  };

const NOBODY = {
  apiVersion: "apiserver.config.k8s.io/v1",
  kind: "AuthenticationConfiguration",
  anonymous: { enabled: true, conditions: ["/livez", "/readyz", "/healthz"].map((path) => ({ path })) },
  jwt: [],
};

function rigCa(flags: Flags): Promise<TestCa> {
  return createTestCa(flags.ca ?? join(stateFolder(), "ca"));
}

function port(flags: Flags): { readonly port?: number } {
  const given = numberOf(flags, "port");
  return given === undefined ? {} : { port: given };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Mistake(`${file} cannot be read (${error instanceof Error ? error.message : String(error)}).`);
  }
}

function readJson(file: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below, with the reason that counts for a person.
  }
  throw new Mistake(`${file} does not hold a JSON object. The server would take YAML, this command does not.`);
}
