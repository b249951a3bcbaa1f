import { join } from "node:path";
import { acquire } from "../support/acquire.ts";
import { GO_FLAGS, GO_SETTINGS, goVersion, readAll } from "../support/go-build.ts";

/** The version that `kubectl version` and the server report. */
export const KUBERNETES_VERSION = "v1.36.3";
/** The version that kubelogin reports. */
export const KUBELOGIN_VERSION = "v1.36.3";

const COMMANDS = ["apiserver", "etcd", "kubectl", "kcm"] as const;

/** The real programs, built from pinned modules. */
export interface KubernetesBinaries {
  readonly apiserver: string;
  readonly etcd: string;
  readonly kubectl: string;
  readonly controllerManager: string;
}

/** Builds kube-apiserver, etcd, kubectl and kube-controller-manager once; about 10 minutes of CPU. */
export async function acquireKubernetes(): Promise<KubernetesBinaries> {
  const module = import.meta.dirname;
  const mains = COMMANDS.map((name) => `${name}/main.go`);
  const versions = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  const stamp = versions.map((name) => `-X ${name}.gitVersion=${KUBERNETES_VERSION}`).join(" ");
  const ldflags = `-s -w ${stamp}`;
  const folder = await acquire({
    name: "kubernetes",
    inputs: [await version(), ldflags, ...GO_FLAGS, ...readAll(module, ["go.mod", "go.sum", ...mains])],
    build: async (into, step) => {
      const packages = COMMANDS.map((name) => `./${name}`);
      await step("go", ["build", ...GO_FLAGS, "-ldflags", ldflags, "-o", `${into}/`, ...packages], {
        cwd: module,
        env: GO_SETTINGS,
      });
    },
  });
  return {
    apiserver: join(folder, "apiserver"),
    etcd: join(folder, "etcd"),
    kubectl: join(folder, "kubectl"),
    controllerManager: join(folder, "kcm"),
  };
}

/** Builds kubelogin once. On the PATH under this file name it is `kubectl oidc-login`. */
export async function acquireKubelogin(): Promise<string> {
  const module = join(import.meta.dirname, "..", "kubelogin");
  const ldflags = `-s -w -X main.version=${KUBELOGIN_VERSION}`;
  const folder = await acquire({
    name: "kubelogin",
    inputs: [await version(), ldflags, ...GO_FLAGS, ...readAll(module, ["go.mod", "go.sum"])],
    build: async (into, step) => {
      const out = join(into, "kubectl-oidc_login");
      const source = "github.com/int128/kubelogin";
      await step("go", ["build", ...GO_FLAGS, "-ldflags", ldflags, "-o", out, source], {
        cwd: module,
        env: GO_SETTINGS,
      });
    },
  });
  return join(folder, "kubectl-oidc_login");
}

const version = () => goVersion(import.meta.dirname, "Kubernetes");
