import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { freePorts } from "../support/free-port.ts";
import { onceOnly } from "../support/once-only.ts";
import { getOverTls } from "../support/probe.ts";
import { type ServerProcess, stopInOrder } from "../support/server-process.ts";
import type { IssuedCertificate, TestCa } from "../support/test-ca.ts";
import { waitUntil } from "../support/wait-until.ts";
import { acquireKubelogin, acquireKubernetes } from "./binaries.ts";
import { type ControlPlane, launchApiserver, launchControllerManager, launchEtcd } from "./control-plane.ts";

/** What a cluster shall be like. */
export interface KubernetesOptions {
  /** Its database, certificates, configuration and logs. */
  readonly dir: string;
  /** An AuthenticationConfiguration of apiserver.config.k8s.io/v1. */
  readonly authenticationConfiguration: object;
  /** Vouches for the apiserver and the admin's certificate. */
  readonly ca: TestCa;
  /** Without it view, edit and admin are empty and namespaces never go away; on if not given. */
  readonly controllerManager?: boolean;
  readonly port?: number;
}

/** A cluster that is ready: the control plane without a single node. */
export interface KubernetesRig {
  readonly server: string;
  readonly caFile: string;
  readonly adminKubeconfig: string;
  /** The admin's client certificate, for a client that reads no kubeconfig. */
  readonly admin: IssuedCertificate;
  readonly kubectl: string;
  readonly kubelogin: string;
  /** A refused token is a bare 401 to the client; the reason stands only here. */
  readonly apiserverLog: string;
  readonly processes: readonly ServerProcess[];
  /** Replaces the file by a rename; the server takes it over after about 10 s. */
  readonly writeAuthenticationConfiguration: (configuration: object) => void;
  readonly stop: () => Promise<void>;
}

/** Starts a real kube-apiserver with etcd on loopback. */
export async function startKubernetes(options: KubernetesOptions): Promise<KubernetesRig> {
  const binaries = await acquireKubernetes();
  const kubelogin = await acquireKubelogin();
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const [port = 0, etcdPort = 0, etcdPeerPort = 0, managerPort = 0] = await freePorts(4);
  const plane: ControlPlane = {
    dir,
    binaries,
    ca: options.ca,
    port: options.port ?? port,
    etcdPort,
    etcdPeerPort,
    managerPort,
    serving: await options.ca.issue({ name: "kube-apiserver", alternativeNames: ["IP:10.0.0.1"] }),
  };
  const server = `https://127.0.0.1:${plane.port}`;
  const admin = await options.ca.issue({ name: "kube-admin", subject: "/O=system:masters/CN=admin", client: true });
  const adminKubeconfig = writeKubeconfig(dir, server, options.ca.certFile, admin);
  layServiceAccountKeys(dir);
  const configure = (configuration: object) => writeConfiguration(dir, configuration);
  configure(options.authenticationConfiguration);
  // Latest first, because that is the order to stop in: an apiserver without its etcd does not go.
  const processes: ServerProcess[] = [];
  const stop = onceOnly(() => stopInOrder(processes));
  try {
    await launchServers(plane, admin, processes);
    if (options.controllerManager !== false) await launchController(plane, admin, processes);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    server,
    caFile: options.ca.certFile,
    adminKubeconfig,
    admin,
    kubectl: binaries.kubectl,
    kubelogin,
    apiserverLog: join(dir, "apiserver.log"),
    processes,
    writeAuthenticationConfiguration: configure,
    stop,
  };
}

async function launchServers(plane: ControlPlane, admin: IssuedCertificate, processes: ServerProcess[]): Promise<void> {
  processes.unshift(await launchEtcd(plane));
  processes.unshift(await launchApiserver(plane));
  const wait = { what: "the apiserver was ready", servers: processes, timeoutMs: 120_000 };
  await waitUntil(wait, async () => (await get(plane, admin, "/readyz")).status === 200);
}

async function launchController(
  plane: ControlPlane,
  admin: IssuedCertificate,
  processes: ServerProcess[],
): Promise<void> {
  processes.unshift(await launchControllerManager(plane));
  const wait = { what: "the role view was filled", servers: processes, timeoutMs: 60_000 };
  await waitUntil(wait, async () => {
    const role = await get(plane, admin, "/apis/rbac.authorization.k8s.io/v1/clusterroles/view");
    return Array.isArray((JSON.parse(role.body) as { rules?: unknown }).rules);
  });
}

function get(plane: ControlPlane, admin: IssuedCertificate, path: string) {
  return getOverTls(`https://127.0.0.1:${plane.port}${path}`, { caFile: plane.ca.certFile, ...admin });
}

function writeConfiguration(dir: string, configuration: object): void {
  const file = join(dir, "authentication.json");
  // The server watches the path; a file that is written in place is read half-way.
  writeFileSync(`${file}.new`, JSON.stringify(configuration, null, 2));
  renameSync(`${file}.new`, file);
}

function layServiceAccountKeys(dir: string): void {
  if (existsSync(join(dir, "service-account.key"))) return;
  const pair = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writeFileSync(join(dir, "service-account.pub"), pair.publicKey);
  writeFileSync(join(dir, "service-account.key"), pair.privateKey, { mode: 0o600 });
}

function writeKubeconfig(dir: string, server: string, caFile: string, admin: IssuedCertificate): string {
  const file = join(dir, "admin.kubeconfig");
  const user = { "client-certificate": admin.certFile, "client-key": admin.keyFile };
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "rig", cluster: { server, "certificate-authority": caFile } }],
    users: [{ name: "admin", user }],
    contexts: [{ name: "admin", context: { cluster: "rig", user: "admin" } }],
    "current-context": "admin",
  };
  rmSync(file, { force: true });
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(kubeconfig, null, 2), { mode: 0o600 });
  return file;
}
