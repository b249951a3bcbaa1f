import { Bug, keystoneIdentityProvider, type TargetName } from "../core/index.ts";
import type { CloudTarget, ClusterTarget, Policy, Tenant } from "../policy/index.ts";
import { authenticationConfiguration } from "./kubernetes/authentication-configuration.ts";
import { operatorAccount } from "./kubernetes/operator-account.ts";
import { apacheSnippet } from "./openstack/apache.ts";

/** What targets and clients must know of the issuer. */
export interface RenderFacts {
  readonly issuer: string;
  /** https; where the issuer's keys are. */
  readonly jwksUri: string;
  /** The authority of the issuer's certificate, when the system's do not include it. */
  readonly caPem?: string;
  /** The authority of the cluster's own certificate, for its users; absent: not known. */
  readonly clusterCaPem?: string;
}

/** A file to be put somewhere by hand; none holds a secret. */
export interface RenderedFile {
  readonly file: string;
  readonly text: string;
  /** What to do with it. */
  readonly instruction: string;
}

/** What cannot be set through a target's API: the files for its front, and examples for its users. */
export function renderTarget(policy: Policy, name: TargetName, facts: RenderFacts): RenderedFile[] {
  const target = policy.targets.get(name);
  if (target === undefined || target.kind === "console")
    throw new Bug(`"${name}" is not a cloud or cluster of this policy`);
  return target.kind === "openstack" ? renderCloud(policy, target, facts) : renderCluster(policy, target, facts);
}

/** Where Apache looks for the authority of the broker's certificate. */
const authorityFile = "/etc/apache2/cloudpass-ca.pem";

function renderCloud(policy: Policy, cloud: CloudTarget, facts: RenderFacts): RenderedFile[] {
  const tenants = [...policy.tenants.values()].filter((t) => t.domains.has(cloud.name));
  const { issuer, jwksUri, caPem } = facts;
  return [
    {
      file: `${cloud.name}.apache.conf`,
      text: apacheSnippet(policy, cloud.name, {
        issuer,
        jwksUri,
        ...(caPem !== undefined && { caFile: authorityFile }),
      }),
      instruction: "into the virtual host in front of Keystone, once; a new tenant needs no change",
    },
    ...(caPem === undefined
      ? []
      : [
          {
            file: `${cloud.name}.cloudpass-ca.pem`,
            text: caPem,
            instruction: `as ${authorityFile} beside that Apache`,
          },
        ]),
    // One file a tenant: a customer must not read the names of the others.
    ...tenants.map((tenant) => ({
      file: `${cloud.name}.${tenant.name}.clouds.yaml`,
      text: cloudsYaml(cloud, tenant, facts),
      instruction: `for the users of ${tenant.displayName}: ~/.config/openstack/clouds.yaml`,
    })),
  ];
}

function cloudsYaml(cloud: CloudTarget, tenant: Tenant, facts: RenderFacts): string {
  const domain = tenant.domains.get(cloud.name) ?? "";
  const auth = {
    auth_url: cloud.authUrl,
    identity_provider: keystoneIdentityProvider(tenant.name),
    protocol: "openid",
    discovery_endpoint: `${facts.issuer}/.well-known/openid-configuration`,
    client_id: cloud.name,
    ...(tenant.projects[0] === undefined
      ? { domain_name: domain }
      : { project_name: tenant.projects[0], project_domain_name: domain }),
  };
  const lines = Object.entries(auth).map(([key, value]) => `      ${key}: ${JSON.stringify(value)}`);
  return ["clouds:", `  ${cloud.name}:`, "    auth_type: v3oidcdeviceauthz", "    auth:", ...lines, ""].join("\n");
}

const authenticationFile = "/etc/kubernetes/cloudpass-authentication.json";

function renderCluster(policy: Policy, cluster: ClusterTarget, facts: RenderFacts): RenderedFile[] {
  const { issuer, caPem } = facts;
  const configuration = authenticationConfiguration(policy, [cluster.name], {
    issuer,
    ...(caPem !== undefined && { caPem }),
  });
  return [
    {
      file: `${cluster.name}.authentication.json`,
      text: `${JSON.stringify(configuration, null, 2)}\n`,
      instruction: `as ${authenticationFile} on each control plane node; replace it by a rename, the server takes it over in about 10 s`,
    },
    {
      file: `${cluster.name}.kube-apiserver.args`,
      text: `--authentication-config=${authenticationFile}\n`,
      instruction: "for kube-apiserver, in place of --anonymous-auth and of every --oidc-… flag",
    },
    {
      file: `${cluster.name}.operator.yaml`,
      text: operatorAccount(policy, cluster),
      instruction: "once, as cluster-admin: kubectl apply -f it; the account with which cloudpass keeps bindings there",
    },
    {
      file: `${cluster.name}.kubeconfig.yaml`,
      text: kubeconfig(cluster, facts),
      instruction: `for users: it holds no secret and no person, and may be mailed around${kubeconfigLacks({ ...facts, clusterCaPem: facts.clusterCaPem ?? cluster.caPem })}`,
    },
    // One file a tenant, as for clouds: with it nobody need say --namespace.
    ...[...policy.tenants.values()].flatMap((tenant) => {
      const namespace = firstNamespace(tenant, cluster);
      return namespace === undefined
        ? []
        : [
            {
              file: `${cluster.name}.${tenant.name}.kubeconfig.yaml`,
              text: kubeconfig(cluster, facts, namespace),
              instruction: `the same for the users of ${tenant.displayName}, in their namespace ${namespace}`,
            },
          ];
    }),
  ];
}

/** The first namespace that the policy names; none where they go by a label. */
function firstNamespace(tenant: Tenant, { name }: ClusterTarget): string | undefined {
  const named = tenant.namespaces.get(name);
  return named === undefined || "label" in named ? undefined : named[0];
}

/** What a person needs besides: of this, nothing can stand in the file, or nobody has told it to us. */
function kubeconfigLacks({
  caPem,
  clusterCaPem,
}: {
  readonly caPem?: string | undefined;
  readonly clusterCaPem?: string | undefined;
}): string {
  const lacks = [
    ...(clusterCaPem === undefined
      ? ["add certificate-authority-data, unless the cluster's certificate is of a public authority"]
      : []),
    ...(caPem === undefined
      ? []
      : ["the broker's private authority must be in each system's store, or in CLOUDPASS_CA_FILE"]),
  ];
  return lacks.map((lack) => `; ${lack}`).join("");
}

function kubeconfig(
  cluster: ClusterTarget,
  { issuer, clusterCaPem = cluster.caPem }: RenderFacts,
  namespace?: string,
): string {
  const server = {
    server: cluster.api,
    ...(clusterCaPem !== undefined && { "certificate-authority-data": Buffer.from(clusterCaPem).toString("base64") }),
  };
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "cloudpass",
    args: ["kube-credential", `--issuer=${issuer}`, `--cluster=${cluster.name}`],
    interactiveMode: "IfAvailable",
    installHint: `install cloudpass, then run: cloudpass login --issuer ${issuer}`,
  };
  const name = cluster.name;
  const within = namespace === undefined ? "" : `, namespace: ${namespace}`;
  return `${[
    "apiVersion: v1",
    "kind: Config",
    `clusters: [{name: ${name}, cluster: ${JSON.stringify(server)}}]`,
    `contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}${within}}}]`,
    `current-context: ${name}`,
    "users:",
    `  - name: ${name}`,
    `    user: {exec: ${JSON.stringify(exec)}}`,
  ].join("\n")}\n`;
}
