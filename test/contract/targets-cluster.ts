import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { Secret } from "../../src/core/index.ts";
import type { Policy } from "../../src/policy/index.ts";
import type { KubernetesConnection } from "../../src/targets/index.ts";
import { type Cluster, startCluster } from "./target-rigs.ts";
import { examplePolicy } from "./targets-policy.ts";

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

/** Where the kinds of the manifest are. */
export const collections: Readonly<Record<string, string>> = {
  Namespace: "/api/v1/namespaces",
  ServiceAccount: "/api/v1/namespaces/cloudpass/serviceaccounts",
  ClusterRole: "/apis/rbac.authorization.k8s.io/v1/clusterroles",
  ClusterRoleBinding: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
};

/** Makes the account of the manifest that we ship, and answers the way in with it. */
export async function operatorAccount(cluster: Cluster): Promise<KubernetesConnection> {
  const text = readFileSync(new URL("../../deploy/kubernetes/operator.yaml", import.meta.url), "utf8");
  for (const document of parseAllDocuments(text)) {
    const object: { kind: string } = document.toJS();
    const { status } = await cluster.ask("POST", collections[object.kind] ?? "", object);
    if (status !== 201) throw new Error(`the ${object.kind} of the manifest: ${status}`);
  }
  const made = await cluster.ask("POST", `${collections["ServiceAccount"]}/cloudpass/token`, { spec: {} });
  return { server: cluster.rig.server, caPem: cluster.caPem, token: new Secret(made.body.status.token) };
}
