import { z } from "zod";
import { type Clock, type Findings, makeFindings, Secret, type TargetName } from "../../core/index.ts";
import type { HttpClientDeps } from "../../http-client/index.ts";
import type { ClusterTarget } from "../../policy/index.ts";
import { type DoctorReport, formatSkew, skewOf } from "../doctor-report.ts";
import { makeTrialTokens, type SignTrial } from "../trial-tokens.ts";
import { rbac } from "./bindings.ts";
import { type KubernetesCaller, makeKubernetesCaller } from "./caller.ts";
import { ownLabel } from "./compile.ts";
import type { KubernetesConnection } from "./connection.ts";

/** What the doctor of a cluster may use besides the operator's account. */
interface ClusterDoctorOptions {
  readonly issuer: string;
  /** Without it no token is tried. */
  readonly sign?: SignTrial;
}

/** Looks at a cluster as it really behaves; writes nothing. Throws `Fault` when it does not answer. */
export async function examineCluster(
  cluster: ClusterTarget,
  connection: KubernetesConnection,
  options: ClusterDoctorOptions,
  deps: HttpClientDeps,
): Promise<DoctorReport> {
  const findings = makeFindings();
  const caller = makeKubernetesCaller(cluster.name, connection, deps);
  await lookAtVersion(findings, caller, deps.clock);
  await lookAtRoles(findings, caller, cluster.roles);
  await lookAtAccount(findings, caller, cluster);
  if (options.sign === undefined) {
    findings.warn("tokens", "not tried: they are signed by the broker", "give --config broker.yaml");
  } else {
    const tokens = makeTrialTokens(options.issuer, cluster.name, options.sign, deps.clock);
    if (await tryGood(findings, caller, cluster, tokens.good)) {
      await tryBad(findings, caller, tokens.bad);
      await tryPowerful(findings, caller, powerful(options.issuer, cluster.name, options.sign, deps.clock));
    }
  }
  // Last: the first token that it judges may be what has it fetch the keys.
  await lookAtMetrics(findings, caller, deps.clock);
  return { about: `cluster ${cluster.name} at ${connection.server}`, findings: findings.list };
}

const versionBody = z.object({ major: z.string(), minor: z.string(), gitVersion: z.string() });

async function lookAtVersion(findings: Findings, caller: KubernetesCaller, clock: Clock): Promise<void> {
  const { body, status, date } = await caller.ask("GET", "/version");
  const read = versionBody.safeParse(body);
  if (!read.success) findings.fail("API", `it answers ${status}, not as Kubernetes does`, "check server and account");
  else if (Number.parseInt(read.data.minor, 10) < 34)
    findings.fail(
      "API",
      `Kubernetes ${read.data.gitVersion}: the rendered AuthenticationConfiguration (v1) needs 1.34`,
      "upgrade; before it the file's version is v1beta1",
    );
  else findings.ok("API", `Kubernetes ${read.data.gitVersion}`);
  formatSkew(findings, skewOf(date, clock.millis()));
}

const roleBody = z.object({ rules: z.array(z.unknown()).nullish(), aggregationRule: z.unknown().optional() });

/** A binding to a role without rules gives nothing, and nobody says so. */
async function lookAtRoles(findings: Findings, caller: KubernetesCaller, roles: readonly string[]): Promise<void> {
  for (const name of roles) {
    const about = `ClusterRole ${name}`;
    const { status, body } = await caller.ask("GET", `${rbac}/clusterroles/${encodeURIComponent(name)}`);
    const read = roleBody.safeParse(body);
    if (status === 404)
      findings.fail(about, "the policy names it, the cluster lacks it", "create it, or remove it from the policy");
    else if (status === 403)
      findings.warn(
        about,
        "our account may not read it",
        "give it get on clusterroles (deploy/kubernetes/operator.yaml)",
      );
    else if (!read.success) findings.fail(about, `it answers ${status}`, "look at the cluster's log");
    else if ((read.data.rules ?? []).length > 0) findings.ok(about, `${read.data.rules?.length} rules`);
    else if (read.data.aggregationRule !== undefined)
      findings.fail(about, "it is aggregated and empty", "the controller manager that fills it does not run");
    else findings.fail(about, "it has no rules: its bindings give nothing", "give it rules");
  }
}

/** S-80: what the account could give in kube-system, whoever has its token could be. Tried, but as a dry run. */
async function lookAtAccount(findings: Findings, caller: KubernetesCaller, cluster: ClusterTarget): Promise<void> {
  const about = "account";
  const name = `${ownLabel.value}:doctor`;
  const { status } = await caller.ask("POST", `${rbac}/namespaces/kube-system/rolebindings?dryRun=All`, {
    metadata: { name, labels: { [ownLabel.key]: ownLabel.value } },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: cluster.roles[0] },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: `${cluster.prefix}cp.doctor` }],
  });
  if (status === 403) findings.ok(about, "it can give nothing in the cluster's own namespaces");
  else
    findings.warn(
      about,
      `it can give roles in kube-system (${status}): whoever steals it may become cluster-admin`,
      "use the account of deploy/kubernetes/operator.yaml, with its admission policies",
    );
}

const reloads = "apiserver_authentication_config_controller_automatic_reload_last_timestamp_seconds";
const fetched = "apiserver_authentication_jwt_authenticator_jwks_fetch_last_timestamp_seconds";

async function lookAtMetrics(findings: Findings, caller: KubernetesCaller, clock: Clock): Promise<void> {
  const { status, text } = await caller.ask("GET", "/metrics");
  if (status !== 200)
    return findings.warn(
      "metrics",
      `our account may not read them (${status}): a refused configuration or old keys are not seen`,
      "give it get on the non-resource URL /metrics (deploy/kubernetes/operator.yaml)",
    );
  const failed = sample(text, reloads, 'status="failure"');
  const good = sample(text, reloads, 'status="success"');
  if (failed !== undefined && failed > (good ?? 0))
    findings.fail(
      "configuration",
      "the API server refused the newest authentication file and goes on with the one before",
      "its log says why: a change below anonymous needs a restart; else render the file again",
    );
  else findings.ok("configuration", "no refused authentication file");
  const keys = sample(text, fetched, 'result="success"');
  if (keys === undefined)
    return findings.warn("keys", "it never reported fetching an issuer's keys", "is the authentication file in use?");
  const age = Math.max(0, Math.round(clock.millis() / 1000 - keys));
  const message = `the issuer's keys were fetched ${age} s ago`;
  if (age > 86_400) findings.warn("keys", message, "can the API server still reach the issuer?");
  else findings.ok("keys", message);
}

/** The largest value of a metric with a label, in the text form of Prometheus. */
function sample(text: string, name: string, label: string): number | undefined {
  const values = text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) && line.includes(label))
    .map((line) => Number(line.slice(line.lastIndexOf(" ") + 1)))
    .filter(Number.isFinite);
  return values.length === 0 ? undefined : Math.max(...values);
}

const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
const reviewBody = z.object({
  status: z.object({ userInfo: z.object({ username: z.string(), groups: z.array(z.string()).default([]) }) }),
});

async function whoIs(caller: KubernetesCaller, token: string) {
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const { status, body } = await caller.askAs(new Secret(token), "POST", path, review);
  const read = reviewBody.safeParse(body);
  return { status, user: read.success ? read.data.status.userInfo : undefined };
}

/** True when the control is let in: only then do refusals prove anything. */
async function tryGood(
  findings: Findings,
  caller: KubernetesCaller,
  { prefix }: ClusterTarget,
  token: string,
): Promise<boolean> {
  const { status, user } = await whoIs(caller, token);
  if (user === undefined) {
    findings.fail(
      "tokens",
      `a good token of the broker is refused (${status}), so nobody can log in`,
      "install the file of cloudpass targets render; the API server must reach the issuer, whose log line says why not",
    );
    return false;
  }
  findings.ok("tokens", "a good token is honoured: the API server reaches the issuer and knows this cluster's name");
  if (user.username.startsWith(prefix)) findings.ok("prefix", `people are called ${prefix}…`);
  else
    findings.fail("prefix", `people are not called ${prefix}… as the policy says`, "install the rendered file again");
  return true;
}

async function tryBad(
  findings: Findings,
  caller: KubernetesCaller,
  bad: ReturnType<typeof makeTrialTokens>["bad"],
): Promise<void> {
  for (const { description, token, idToken } of bad) {
    const { status, user } = await whoIs(caller, token);
    if (user === undefined) findings.ok("tokens", `a token ${description} is refused (${status})`);
    else if (idToken) findings.ok("tokens", "an ID token for this cluster is honoured, as kubelogin needs it");
    else findings.fail("tokens", `a token ${description} is honoured`, "install the file of cloudpass targets render");
  }
}

function powerful(issuer: string, cluster: TargetName, sign: SignTrial, clock: Clock): string {
  const now = clock.now();
  const claims = { iss: issuer, aud: cluster, token_use: "access", iat: now, exp: now + 60, powerful: true } as const;
  return sign("at+jwt", claims);
}

/** S-49: a group of Kubernetes' own in a claim is nothing behind a prefix, and everything without one. */
async function tryPowerful(findings: Findings, caller: KubernetesCaller, token: string): Promise<void> {
  const { user } = await whoIs(caller, token);
  const mighty = user?.groups.some((g) => g.startsWith("system:") && g !== "system:authenticated") === true;
  if (mighty)
    findings.fail(
      "prefix",
      "a token that says system:masters is cluster-admin",
      "install the rendered authentication file at once: it has a prefix and two rules",
    );
  else findings.ok("prefix", "a token that says system:masters gets no special rights");
}
