import { Bug, longestAccessToken, type TargetName, tenantUrnPrefix } from "../../core/index.ts";
import type { ClusterTarget, Policy } from "../../policy/index.ts";

/** What kube-apiserver must know of the issuer. */
interface IssuerFacts {
  /** Exactly as in the tokens' `iss`. https only: kube-apiserver takes nothing else. */
  readonly issuer: string;
  /** The authority that signed the issuer's certificate, when the system's do not include it. */
  readonly caPem?: string;
}

/**
 * The file for `kube-apiserver --authentication-config` (apiserver.config.k8s.io/v1, Kubernetes 1.34 or newer), to be
 * written as JSON: an unquoted colon in YAML stops the server. Several clusters of the policy may share one API server
 * if they share their prefix; normally it is one.
 *
 * Groups use the plain form (claim + prefix): it tolerates a single string and null, where CEL would fail the login.
 */
export function authenticationConfiguration(policy: Policy, names: readonly TargetName[], facts: IssuerFacts): object {
  const prefix = prefixOf(names.map((name) => clusterOf(policy, name)));
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    anonymous: { enabled: true, conditions: [{ path: "/livez" }, { path: "/readyz" }, { path: "/healthz" }] },
    jwt: [
      {
        issuer: {
          url: facts.issuer,
          audiences: [...names],
          ...(names.length > 1 && { audienceMatchPolicy: "MatchAny" }),
          ...(facts.caPem !== undefined && { certificateAuthority: facts.caPem }),
        },
        claimValidationRules: [
          {
            expression: `claims.exp - claims.iat <= ${longestAccessToken}`,
            message: "the token claims too long a life",
          },
          {
            expression: `has(claims.tenant) && claims.tenant.startsWith("${tenantUrnPrefix}")`,
            message: "the token names no tenant",
          },
        ],
        claimMappings: {
          username: { claim: "sub", prefix },
          groups: { claim: "groups", prefix },
          uid: { claim: "sub" },
          extra: [
            { key: "cloudpass/preferred-username", valueExpression: 'claims.?preferred_username.orValue("")' },
            { key: "cloudpass/tenant", valueExpression: "claims.tenant" },
          ],
        },
        // Second lock behind the prefix: without both, a token that says system:masters is cluster-admin.
        userValidationRules: [
          {
            expression: '!user.username.startsWith("system:")',
            message: "a user of an identity provider must not be called system:",
          },
          {
            expression: 'user.groups.all(g, !g.startsWith("system:"))',
            message: "a group of an identity provider must not be called system:",
          },
        ],
      },
    ],
  };
}

function clusterOf(policy: Policy, name: TargetName): ClusterTarget {
  const cluster = policy.targets.get(name);
  if (cluster?.kind !== "kubernetes") throw new Bug(`"${name}" is not a cluster of this policy`);
  return cluster;
}

function prefixOf(clusters: readonly ClusterTarget[]): string {
  const prefixes = [...new Set(clusters.map((c) => c.prefix))];
  const [prefix] = prefixes;
  if (prefix === undefined || prefixes.length > 1)
    throw new Bug("clusters behind one API server must share their prefix: an issuer may stand in its file only once");
  return prefix;
}
