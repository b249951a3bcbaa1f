import type { TargetName } from "../../core/index.ts";
import type { Policy } from "../../policy/index.ts";

/** Grant types this issuer knows. */
export const grantTypes = {
  device: "urn:ietf:params:oauth:grant-type:device_code",
  refresh: "refresh_token",
} as const;

/** A grant type this issuer knows. */
export type GrantType = (typeof grantTypes)[keyof typeof grantTypes];

/** Scopes this issuer knows, in words for people. */
export const scopes: Readonly<Record<string, string>> = {
  openid: "know who you are",
  profile: "see your name",
  email: "see your e-mail address",
  groups: "see your groups there",
  offline_access: "stay logged in until the login ends",
};

/** A program that may ask for tokens. All are public: a secret in a kubeconfig or clouds.yaml is none. */
export interface Client {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Set when the client stands for one target: it gets tokens for that target only. */
  readonly target?: TargetName;
  readonly grants: readonly GrantType[];
  readonly scopes: readonly string[];
}

/** A client from the configuration. */
export interface ConfiguredClient {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
}

/** The command line client: it may ask for every target its person is entitled to. */
export const commandClient = "cloudpass";

const everyGrant = Object.values(grantTypes);

/** All clients: the `cloudpass` command, one for each target of the policy, the configured ones. */
export function clientRegistry(policy: Policy, configured: readonly ConfiguredClient[]): ReadonlyMap<string, Client> {
  const clients: Client[] = [
    { id: commandClient, name: "cloudpass command", grants: everyGrant, scopes: Object.keys(scopes) },
    ...[...policy.targets.values()].map((target) => ({
      id: target.name,
      name: target.kind === "openstack" ? `OpenStack cloud ${target.name}` : `Kubernetes cluster ${target.name}`,
      target: target.name,
      grants: everyGrant,
      scopes: Object.keys(scopes),
    })),
    ...configured.map((c) => ({ ...c, grants: everyGrant })),
  ];
  return new Map(clients.map((c) => [c.id, c]));
}
