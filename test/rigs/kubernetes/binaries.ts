import { readFileSync } from "node:fs";
import { join } from "node:path";
import { acquire } from "../support/acquire.ts";
import { RigAbsent } from "../support/rig-absent.ts";
import { run } from "../support/run.ts";
import { isOnPath } from "../support/system-packages.ts";

/** The version that `kubectl version` and the server report. */
export const KUBERNETES_VERSION = "v1.36.3";
const KUBELOGIN_VERSION = "v1.36.3";

const COMMANDS = ["apiserver", "etcd", "kubectl", "kcm"] as const;
const FLAGS = ["-mod=readonly", "-trimpath"];
// GOWORK and GOFLAGS of the user's own would change what is built.
const SETTINGS = { CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "" };

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
    inputs: [await goVersion(), ldflags, ...FLAGS, ...read(module, ["go.mod", "go.sum", ...mains])],
    build: async (into, step) => {
      const packages = COMMANDS.map((name) => `./${name}`);
      await step("go", ["build", ...FLAGS, "-ldflags", ldflags, "-o", `${into}/`, ...packages], {
        cwd: module,
        env: SETTINGS,
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
    inputs: [await goVersion(), ldflags, ...FLAGS, ...read(module, ["go.mod", "go.sum"])],
    build: async (into, step) => {
      const out = join(into, "kubectl-oidc_login");
      const source = "github.com/int128/kubelogin";
      await step("go", ["build", ...FLAGS, "-ldflags", ldflags, "-o", out, source], { cwd: module, env: SETTINGS });
    },
  });
  return join(folder, "kubectl-oidc_login");
}

async function goVersion(): Promise<string> {
  if (!isOnPath("go")) {
    throw new RigAbsent("Kubernetes is built from source, and there is no go command here. Install Go 1.26 or newer.");
  }
  return (await run("go", ["version"], { cwd: import.meta.dirname })).trim();
}

function read(folder: string, names: readonly string[]): string[] {
  return names.map((name) => readFileSync(join(folder, name), "utf8"));
}
