import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request as requestPlain } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "../../src/core/index.ts";
import type { Policy } from "../../src/policy/index.ts";
import {
  apacheSnippet,
  applyTarget,
  authenticationConfiguration,
  formatApplied,
  formatPlan,
  type KeystoneConnection,
  type KubernetesConnection,
  kubernetesConnectionFromKubeconfig,
  planTarget,
  type TargetConnection,
} from "../../src/targets/index.ts";
import { formatProblem } from "../../src/yaml/index.ts";
import {
  createTestCa,
  freePort,
  type KeystoneRig,
  type KubernetesRig,
  startKeystone,
  startKubernetes,
} from "../rigs/index.ts";
import { startTestIssuer, type TestIssuer } from "./targets-issuer.ts";
import { deps, target } from "./targets-policy.ts";

/** What a server answered. */
export interface Reply {
  readonly status: number;
  /** Keystone's `x-subject-token`. */
  readonly token: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever the server answers
  readonly body: any;
}

/** A real cloud that believes a test issuer. */
export interface Cloud {
  readonly rig: KeystoneRig;
  readonly issuer: TestIssuer;
  readonly connection: KeystoneConnection;
  /** As the admin, or with somebody's token; past Apache, so that its log tells the product's own calls only. */
  ask(method: string, path: string, body?: object, token?: string): Promise<Reply>;
  /** The federated login through Apache with an access token. */
  logIn(tenant: string, accessToken: string): Promise<Reply>;
  stop(): Promise<void>;
}

/** A real cluster that believes a test issuer. */
export interface Cluster {
  readonly rig: KubernetesRig;
  readonly issuer: TestIssuer;
  readonly connection: KubernetesConnection;
  /** The authority of the API server's certificate. */
  readonly caPem: string;
  /** As the admin, or with a token as nobody but its bearer. `type` is that of the body; JSON when left out. */
  ask(method: string, path: string, body?: object, token?: string, type?: string): Promise<Reply>;
  stop(): Promise<void>;
}

/** A folder, an authority and an issuer of their own for one target. */
async function ground() {
  const dir = await mkdtemp(join(tmpdir(), "cloudpass-target-"));
  const ca = await createTestCa(join(dir, "ca"));
  const issuer = await startTestIssuer(ca);
  const leave = async () => {
    await issuer.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return { dir, ca, issuer, leave };
}

/** Starts a Keystone called `name` whose Apache has the snippet of `policyAt`, which is given the cloud's address. */
export async function startCloud(name: string, policyAt: (url: string) => Policy): Promise<Cloud> {
  const { dir, ca, issuer, leave } = await ground();
  const port = await freePort();
  const snippet = apacheSnippet(policyAt(`http://127.0.0.1:${port}/v3`), target(name), issuer);
  const place = { dir: join(dir, name), name, port, audience: name, caFile: ca.certFile };
  const rig = await startKeystone({ ...place, ...issuer, apacheSnippet: snippet });
  const account = { username: "admin", userDomain: "Default", project: "admin", projectDomain: "Default" };
  const connection = { ...account, authUrl: rig.url, password: new Secret(rig.adminPassword) };
  const user = { name: "admin", domain: { name: "Default" }, password: rig.adminPassword };
  const scope = { project: { name: "admin", domain: { name: "Default" } } };
  const identity = { methods: ["password"], password: { user } };
  const admin = (await call(`${rig.directUrl}/auth/tokens`, "POST", {}, { auth: { identity, scope } })).token;
  return {
    rig,
    issuer,
    connection,
    ask: (method, path, body, token = admin) =>
      call(`${rig.directUrl}${path}`, method, { "x-auth-token": token }, body),
    logIn: (tenant, accessToken) =>
      call(`${rig.url}/OS-FEDERATION/identity_providers/cloudpass-${tenant}/protocols/openid/auth`, "POST", {
        authorization: `Bearer ${accessToken}`,
      }),
    stop: () => rig.stop().then(leave),
  };
}

/** Each on a connection of its own: one that is kept would be closed by the server at the moment of the next call. */
async function call(url: string, method: string, headers: Record<string, string>, body?: object): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const options = { method, agent: false, headers: { "content-type": "application/json", ...headers } };
    const asked = requestPlain(url, options, async (answer) => {
      let text = "";
      for await (const part of answer) text += part;
      const token = String(answer.headers["x-subject-token"] ?? "");
      resolve({ status: answer.statusCode ?? 0, token, body: parsed(text) });
    });
    asked.on("error", reject);
    asked.end(body && JSON.stringify(body));
  });
}

const parsed = (text: string): unknown => (text.startsWith("{") ? JSON.parse(text) : text);

/** Starts a cluster called `name` that has the AuthenticationConfiguration of `policy`. */
export async function startCluster(name: string, policy: Policy): Promise<Cluster> {
  const { dir, ca, issuer, leave } = await ground();
  const caPem = await readFile(ca.certFile, "utf8");
  const configuration = authenticationConfiguration(policy, [target(name)], { ...issuer, caPem });
  const rig = await startKubernetes({ dir: join(dir, name), ca, authenticationConfiguration: configuration });
  const file = rig.adminKubeconfig;
  const read = kubernetesConnectionFromKubeconfig(await readFile(file, "utf8"), { file });
  if (!read.ok) throw new Error(read.refusal.map(formatProblem).join("\n"));
  const connection = read.value;
  const { clientCertificatePem: cert, clientKeyPem } = connection;
  const admin = new Agent({ ca: caPem, cert, key: clientKeyPem?.reveal(), keepAlive: true, maxSockets: 8 });
  const bearer = new Agent({ ca: caPem, keepAlive: true, maxSockets: 8 });
  return {
    rig,
    issuer,
    connection,
    caPem,
    ask: (method, path, body, token, type = "application/json") => {
      const headers = { "content-type": type, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
      const agent = token === undefined ? admin : bearer;
      return overTls(`${rig.server}${path}`, { method, headers, agent }, body);
    },
    stop: async () => {
      admin.destroy();
      bearer.destroy();
      await rig.stop();
      await leave();
    },
  };
}

function overTls(url: string, options: RequestOptions, body?: object): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asked = request(url, options, async (answer) => {
      let text = "";
      for await (const part of answer) text += part;
      resolve({ status: answer.statusCode ?? 0, token: "", body: parsed(text) });
    });
    asked.on("error", reject);
    asked.end(body && JSON.stringify(body));
  });
}

/** Makes the target as the policy wants it, and answers the steps; throws with all that is known when it is not. */
export async function applyPolicy(policy: Policy, name: string, connection: TargetConnection): Promise<string[]> {
  const planned = await planTarget(policy, target(name), connection, deps);
  const applied = await applyTarget(planned);
  if (applied.outcome !== "applied") throw new Error(`${formatPlan(planned.plan)}\n${formatApplied(applied)}`);
  return applied.done.map((step) => `${step.phase} ${step.action} ${step.kind} ${step.key}`);
}

/** Does `work` for every item, `width` of them at a time; answers in the items' order. */
export async function sideBySide<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [i, item] of queue) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
