import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RealStack } from "./real-stack.ts";

/** How kubectl gets its credential: a command of somebody else. */
export interface ExecCredential {
  readonly command: string;
  readonly args: readonly string[];
}

/** What `kubectl auth whoami -o json` says. */
export interface Whoami {
  readonly status: { readonly userInfo: { readonly username: string; readonly groups: readonly string[] } };
}

/** A kubeconfig without a secret for the stack's cluster, in the namespace of customer A. */
export async function writeKubeconfig(stack: RealStack, credential: ExecCredential): Promise<string> {
  const { server, caFile } = stack.cluster;
  const exec = { apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "IfAvailable", ...credential };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "prod1", cluster: { server, "certificate-authority": caFile } }],
    users: [{ name: "me", user: { exec } }],
    contexts: [{ name: "me", context: { cluster: "prod1", user: "me", namespace: "customer-a-dev" } }],
    "current-context": "me",
  };
  const file = join(await mkdtemp(join(tmpdir(), "cloudpass-kubeconfig-")), "config");
  await writeFile(file, JSON.stringify(config));
  return file;
}
