import type { JWK } from "jose";
import type { Secret, TargetName } from "../../core/index.ts";
import type { Policy, RemoteTarget } from "../../policy/index.ts";

/** Grant types this issuer knows, by their name in the configuration. */
export const grantTypes = {
  "authorization-code": "authorization_code",
  device: "urn:ietf:params:oauth:grant-type:device_code",
  refresh: "refresh_token",
  exchange: "urn:ietf:params:oauth:grant-type:token-exchange",
  "client-credentials": "client_credentials",
} as const;

/** A grant type's name in the configuration. */
type GrantName = keyof typeof grantTypes;
/** A grant type this issuer knows. */
export type GrantType = (typeof grantTypes)[GrantName];

/** Scopes this issuer knows; what they mean for people stands in `words/`. */
export const scopeNames = ["openid", "profile", "email", "groups", "offline_access"] as const;
/** A scope this issuer knows. */
export type ScopeName = (typeof scopeNames)[number];

/** How a client proves that it is itself. `none` = public: a secret in a kubeconfig or clouds.yaml is not one. */
type ClientAuthentication =
  | { readonly kind: "none" }
  | { readonly kind: "secret"; readonly secret: Secret }
  | { readonly kind: "private_key_jwt"; readonly keys: readonly JWK[] };

/** What a robot of a customer is, to the policy. */
export interface Machine {
  readonly tenant: string;
  readonly identityProvider: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A program that may ask for tokens. */
export interface Client {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Set when the client stands for one target: it gets tokens for that target only. */
  readonly target?: TargetName;
  readonly grants: readonly GrantType[];
  readonly scopes: readonly string[];
  readonly authentication: ClientAuthentication;
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly backchannelLogoutUri?: string;
  /** `fapi2`: FAPI 2.0 Security Profile, with what it asks of us about this client (section 5.3.2). */
  readonly profile?: "fapi2";
  /** Whether its tokens must be bound to a key of its own (RFC 9449). */
  readonly dpop: "required" | "optional";
  /** What binds a code to the request: PKCE; or a nonce in its place, or nothing, for a client that proves itself. */
  readonly pkce: "required" | "optional" | "allow-insecure";
  /** Whether a login that the person confirmed and that lives spares the page of the next one (decision 0047). */
  readonly consent: "ask" | "remember";
  /** What happens when a device login is confirmed from another network than it was started from (S-07). */
  readonly deviceOrigin: "challenge" | "deny" | "allow-insecure";
  /** Targets that it may exchange a person's token for (RFC 8693). */
  readonly exchangeTo: readonly TargetName[];
  /** Targets whose tokens it may look into (RFC 7662): it stands for them. */
  readonly introspects: readonly TargetName[];
  readonly machine?: Machine;
}

/** Whether tokens for an audience are this client's business: it is that target's own, or looks into its tokens. */
export const standsFor = ({ target, introspects }: Client, audience: string): boolean =>
  target === audience || introspects.some((name) => name === audience);

/** A client from the configuration, its keys read. */
export interface ConfiguredClient {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly grants: readonly GrantName[];
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly backchannelLogoutUri?: string | undefined;
  readonly secret?: Secret | undefined;
  /** Public keys. */
  readonly keys?: readonly JWK[] | undefined;
  readonly profile?: Client["profile"] | undefined;
  readonly dpop: Client["dpop"];
  readonly pkce?: Client["pkce"] | undefined;
  readonly consent?: Client["consent"] | undefined;
  readonly deviceOrigin: Client["deviceOrigin"];
  readonly target?: string | undefined;
  readonly targets: readonly string[];
  readonly introspects?: readonly string[] | undefined;
  readonly machine?: (Omit<Machine, "identityProvider"> & { readonly upstream: string }) | undefined;
}

/** The command line client: it may ask for every target its person is entitled to. */
export const commandClient = "cloudpass";

/** Where native programs listen for the code (RFC 8252 section 7.3); the port is theirs to choose. */
const loopbackRedirects = ["localhost", "127.0.0.1", "[::1]"].flatMap((host) =>
  ["", "/", "/callback"].map((path) => `http://${host}${path}`),
);

const forPeople: readonly GrantType[] = [grantTypes["authorization-code"], grantTypes.device, grantTypes.refresh];

/** What every native program of a person shares: public, loopback, no power over others. */
const native = {
  grants: forPeople,
  scopes: scopeNames,
  authentication: { kind: "none" },
  redirectUris: loopbackRedirects,
  postLogoutRedirectUris: [],
  dpop: "optional",
  pkce: "required",
  consent: "ask",
  deviceOrigin: "challenge",
  exchangeTo: [],
  introspects: [],
} as const satisfies Partial<Client>;

/** All clients: the `cloudpass` command, one for each target of the policy, the configured ones. What they name has been checked (`checkClientNames`). */
export function clientRegistry(policy: Policy, configured: readonly ConfiguredClient[]): ReadonlyMap<string, Client> {
  const clients: Client[] = [
    // Its key is made with its login: a refresh token copied without it opens nothing.
    { ...native, id: commandClient, name: "cloudpass command", dpop: "required" },
    ...[...policy.targets.values()].flatMap((target) => (target.kind === "console" ? [] : [targetClient(target)])),
    ...configured.map(fromConfiguration),
  ];
  return new Map(clients.map((c) => [c.id, c]));
}

/** The client that stands for a cloud or cluster. The console has none: people open it in a browser, programs by `cloudpass`. */
const targetClient = ({ kind, name }: RemoteTarget): Client => ({
  ...native,
  id: name,
  name: kind === "openstack" ? `OpenStack cloud ${name}` : `Kubernetes cluster ${name}`,
  target: name,
});

function fromConfiguration(c: ConfiguredClient): Client {
  const { keys, secret, backchannelLogoutUri, machine, target, profile } = c;
  const authentication: ClientAuthentication = keys
    ? { kind: "private_key_jwt", keys }
    : secret
      ? { kind: "secret", secret }
      : { kind: "none" };
  return {
    id: c.id,
    name: c.name,
    grants: c.grants.map((name) => grantTypes[name]),
    scopes: c.scopes,
    authentication,
    redirectUris: c.redirectUris,
    postLogoutRedirectUris: c.postLogoutRedirectUris,
    dpop: profile === "fapi2" ? "required" : c.dpop,
    // Whoever steals a code of a public client needs nothing but its verifier.
    pkce: authentication.kind === "none" ? "required" : (c.pkce ?? "required"),
    consent: authentication.kind === "none" ? "ask" : (c.consent ?? "ask"),
    deviceOrigin: c.deviceOrigin,
    exchangeTo: c.targets.map((t) => t as TargetName),
    introspects: (c.introspects ?? []).map((t) => t as TargetName),
    ...(backchannelLogoutUri !== undefined && { backchannelLogoutUri }),
    ...(machine && { machine: { tenant: machine.tenant, identityProvider: machine.upstream, claims: machine.claims } }),
    ...(profile && { profile }),
    ...(target !== undefined && { target: target as TargetName }),
  };
}
