import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { Secret } from "../../src/core/index.ts";
import type { Policy } from "../../src/policy/index.ts";
import type { KubernetesConnection } from "../../src/targets/index.ts";
import { type Cluster, startCluster } from "./target-rigs.ts";
import { examplePolicy, until } from "./targets-policy.ts";

/** The cluster prod1 of the example policy, for real. */
export interface TestCluster extends Cluster {
  readonly policy: Policy;
  /** The example policy with some texts replaced. */
  changed(changes?: readonly [string, string][]): Policy;
  /** What a token's bearer may do with config maps, by the API server's own answer. */
  may(token: string, verb: string, namespace: string): Promise<boolean>;
}

/** Starts it. */
export async function startTestCluster(): Promise<TestCluster> {
  const cluster = await startCluster("prod1", examplePolicy({}));
  const changed: TestCluster["changed"] = (changes = []) => examplePolicy({ prod1: cluster.rig.server }, changes);
  const may: TestCluster["may"] = async (token, verb, namespace) => {
    const spec = { resourceAttributes: { verb, resource: "configmaps", namespace } };
    const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    return (await cluster.ask("POST", path, { spec }, token)).body.status?.allowed === true;
  };
  return { ...cluster, changed, policy: changed(), may };
}

const admission = "/apis/admissionregistration.k8s.io/v1";

/** Where the kinds of the manifests are. */
export const collections: Readonly<Record<string, string>> = {
  Namespace: "/api/v1/namespaces",
  ServiceAccount: "/api/v1/namespaces/cloudpass/serviceaccounts",
  ClusterRole: "/apis/rbac.authorization.k8s.io/v1/clusterroles",
  ClusterRoleBinding: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
  ValidatingAdmissionPolicy: `${admission}/validatingadmissionpolicies`,
  ValidatingAdmissionPolicyBinding: `${admission}/validatingadmissionpolicybindings`,
};

/** Applies a manifest of deploy/kubernetes as cluster-admin, with some texts replaced. */
export async function applyManifest(
  cluster: Cluster,
  file: string,
  changes: readonly [string, string][] = [],
): Promise<void> {
  let text = readFileSync(new URL(`../../deploy/kubernetes/${file}`, import.meta.url), "utf8");
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${file} does not say ${from}`);
    text = text.replace(from, to);
  }
  for (const document of parseAllDocuments(text)) {
    const object: { kind: string } = document.toJS();
    const { status, body } = await cluster.ask("POST", collections[object.kind] ?? "", object);
    if (status !== 201) throw new Error(`the ${object.kind} of the manifest: ${status} ${JSON.stringify(body)}`);
  }
}

/** Makes the account of the manifest that we ship, and answers the way in with it. */
export async function operatorAccount(
  cluster: Cluster,
  changes: readonly [string, string][] = [],
): Promise<KubernetesConnection> {
  await applyManifest(cluster, "operator.yaml", changes);
  const made = await cluster.ask("POST", `${collections["ServiceAccount"]}/cloudpass/token`, { spec: {} });
  const token: string = made.body.status.token;
  await until(() => isGuarded(cluster, token));
  return { server: cluster.rig.server, caPem: cluster.caPem, token: new Secret(token) };
}

/** The API server takes a second to put a new admission policy in force. */
async function isGuarded(cluster: Cluster, token: string): Promise<boolean> {
  const labels = { "app.kubernetes.io/managed-by": "cloudpass" };
  const trial = [
    ["/api/v1/namespaces", { metadata: { name: "kube-trial", labels } }],
    [
      "/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/rolebindings",
      {
        metadata: { name: "cloudpass:trial", labels },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
        subjects: [],
      },
    ],
  ] as const;
  const asked = trial.map(([path, body]) => cluster.ask("POST", `${path}?dryRun=All`, body, token));
  return (await Promise.all(asked)).every(({ status }) => status === 403);
}
