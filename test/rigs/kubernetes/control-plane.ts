import { join } from "node:path";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import type { IssuedCertificate, TestCa } from "../support/test-ca.ts";
import type { KubernetesBinaries } from "./binaries.ts";

/** Everything that the servers of one cluster need to know. */
export interface ControlPlane {
  readonly dir: string;
  readonly binaries: KubernetesBinaries;
  readonly ca: TestCa;
  readonly serving: IssuedCertificate;
  readonly port: number;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly managerPort: number;
}

/** The cluster's database. */
export function launchEtcd(plane: ControlPlane): Promise<ServerProcess> {
  const client = `http://127.0.0.1:${plane.etcdPort}`;
  const peer = `http://127.0.0.1:${plane.etcdPeerPort}`;
  return startServer({
    name: "etcd",
    command: plane.binaries.etcd,
    args: [
      ...["--name", "rig", "--data-dir", join(plane.dir, "etcd"), "--log-level", "warn"],
      // Nobody will miss this data after a power cut, and the disk is the slowest part of a test.
      "--unsafe-no-fsync",
      ...["--listen-client-urls", client, "--advertise-client-urls", client],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", `rig=${peer}`],
    ],
    logFile: join(plane.dir, "etcd.log"),
  });
}

/** The server under test. */
export function launchApiserver(plane: ControlPlane): Promise<ServerProcess> {
  return startServer({
    name: "kube-apiserver",
    command: plane.binaries.apiserver,
    args: [
      ...["--etcd-servers", `http://127.0.0.1:${plane.etcdPort}`],
      ...["--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--secure-port", String(plane.port)],
      ...["--endpoint-reconciler-type", "none", "--service-cluster-ip-range", "10.0.0.0/24"],
      ...["--tls-cert-file", plane.serving.certFile, "--tls-private-key-file", plane.serving.keyFile],
      ...["--client-ca-file", plane.ca.certFile],
      ...["--service-account-issuer", "https://kubernetes.default.svc"],
      ...["--service-account-key-file", join(plane.dir, "service-account.pub")],
      ...["--service-account-signing-key-file", join(plane.dir, "service-account.key")],
      ...["--authorization-mode", "RBAC"],
      ...["--authentication-config", join(plane.dir, "authentication.json"), "--profiling=false"],
    ],
    logFile: join(plane.dir, "apiserver.log"),
    end: { hurry: true },
  });
}

/** Only the controllers that fill view, edit and admin, clear namespaces and make the default service account. */
export function launchControllerManager(plane: ControlPlane): Promise<ServerProcess> {
  const controllers = ["clusterrole-aggregation-controller", "namespace-controller", "serviceaccount-controller"];
  return startServer({
    name: "kube-controller-manager",
    command: plane.binaries.controllerManager,
    args: [
      ...["--kubeconfig", join(plane.dir, "admin.kubeconfig"), "--leader-elect=false"],
      ...["--controllers", controllers.join(",")],
      ...["--bind-address", "127.0.0.1", "--secure-port", String(plane.managerPort)],
      ...["--cert-dir", join(plane.dir, "controller-manager")],
    ],
    logFile: join(plane.dir, "controller-manager.log"),
    end: { hurry: true },
  });
}
