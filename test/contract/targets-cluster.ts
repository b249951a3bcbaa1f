import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sayProblem } from "../../src/core/index.ts";
import { authenticationConfiguration, type Policy } from "../../src/policy/index.ts";
import { type KubernetesConnection, kubernetesConnectionFromKubeconfig } from "../../src/targets/index.ts";
import { createTestCa, type KubernetesRig, startKubernetes } from "../rigs/index.ts";
import { startTestIssuer, type TestIssuer } from "./targets-issuer.ts";
import { examplePolicy, target } from "./targets-policy.ts";

/** What the API server answered. */
export interface ClusterReply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever Kubernetes answers
  readonly body: any;
}

/** A real API server with the generated authentication file, an issuer that it trusts, and the admin's account. */
export interface TestCluster {
  readonly rig: KubernetesRig;
  readonly issuer: TestIssuer;
  readonly ca: string;
  readonly connection: KubernetesConnection;
  readonly policy: Policy;
  /** As the admin, or with a token as nobody but its bearer. */
  call(method: string, path: string, body?: object, token?: string, type?: string): Promise<ClusterReply>;
  stop(): Promise<void>;
}

/** Starts the cluster prod1 of the example policy. */
export async function startTestCluster(): Promise<TestCluster> {
  const dir = await mkdtemp(join(tmpdir(), "cloudpass-targets-"));
  const testCa = await createTestCa(join(dir, "ca"));
  const ca = await readFile(testCa.certFile, "utf8");
  const issuer = await startTestIssuer(testCa);
  const facts = { ...issuer, caPem: ca };
  const rig = await startKubernetes({
    dir: join(dir, "prod1"),
    ca: testCa,
    authenticationConfiguration: authenticationConfiguration(examplePolicy({}), [target("prod1")], facts),
  });
  const read = kubernetesConnectionFromKubeconfig(await readFile(rig.adminKubeconfig, "utf8"), {
    file: rig.adminKubeconfig,
  });
  if (!read.ok) throw new Error(read.refusal.map(sayProblem).join("\n"));
  const connection = read.value;
  const key = connection.clientKeyPem?.reveal();
  const agent = new Agent({ ca, cert: connection.clientCertificatePem, key, keepAlive: true });
  return {
    rig,
    issuer,
    ca,
    connection,
    policy: examplePolicy({ prod1: rig.server }),
    call: (method, path, body, token, type = "application/json") => {
      const headers = { "content-type": type, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
      return new Promise((resolve, reject) => {
        const asked = request(
          `${rig.server}${path}`,
          { method, headers, ...(token === undefined ? { agent } : { ca }) },
          async (answer) => {
            let text = "";
            for await (const part of answer) text += part;
            resolve({ status: answer.statusCode ?? 0, body: text.startsWith("{") ? JSON.parse(text) : text });
          },
        );
        asked.on("error", reject);
        asked.end(body && JSON.stringify(body));
      });
    },
    stop: async () => {
      agent.destroy();
      await rig.stop();
      await issuer.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
