import { Secret } from "../../../src/core/index.ts";
import { secretField, withFingerprints } from "../../../src/realms/desired/fields.ts";
import { groupPath } from "../../../src/realms/group-path.ts";
import type { Resource } from "../../../src/reconcile/index.ts";

/** How large a realm is. */
export interface Size {
  readonly clients: number;
  readonly upstreams: number;
  /** Groups at the top. */
  readonly parents: number;
  /** Groups in each of them. */
  readonly children: number;
}

/** The sizes that are measured. */
export const sizes = {
  full: { clients: 1000, upstreams: 200, parents: 100, children: 99 },
  quick: { clients: 200, upstreams: 50, parents: 10, children: 49 },
} as const satisfies Record<string, Size>;
/** Name of a size. */
export type SizeName = keyof typeof sizes;

/** The realm of the bench. */
export const realm = "bench";

const list = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** What a file for such a realm would ask for. */
export const resourcesOf = (size: Size): Promise<Resource[]> =>
  withFingerprints([
    { kind: "realm", key: realm, fields: { enabled: true, displayName: "Bench", accessTokenLifespan: 300 } },
    ...list(size.clients).map(client),
    ...list(size.upstreams).flatMap(upstream),
    ...list(size.parents).flatMap((i) => [
      { kind: "group", key: groupPath(`customer-${i}`), fields: { attributes: { number: [String(i)] } } },
      ...list(size.children).map((n) => ({
        kind: "group",
        key: groupPath(`customer-${i}`, `team-${n}`),
        fields: { attributes: { number: [String(n)] } },
        dependsOn: [{ kind: "group", key: groupPath(`customer-${i}`) }],
      })),
    ]),
  ]);

const client = (i: number): Resource => ({
  kind: "client",
  key: `client-${i}`,
  fields: {
    enabled: true,
    protocol: "openid-connect",
    publicClient: true,
    standardFlowEnabled: true,
    directAccessGrantsEnabled: false,
    redirectUris: [`https://client-${i}.example/callback`],
    attributes: { "pkce.code.challenge.method": "S256" },
  },
});

function upstream(i: number): Resource[] {
  const key = `customer-${i}`;
  const base = `https://idp-${i}.example`;
  const value = new Secret(`a secret of customer ${i}`);
  const config = {
    ...{ issuer: base, authorizationUrl: `${base}/auth`, tokenUrl: `${base}/token`, jwksUrl: `${base}/keys` },
    ...{ clientId: "broker", clientAuthMethod: "client_secret_basic", syncMode: "FORCE" },
  };
  return [
    {
      ...{ kind: "identity-provider", key, fields: { providerId: "oidc", enabled: true, displayName: key, config } },
      secrets: { clientSecret: secretField(value, `${realm} ${key}`) },
    },
    {
      ...{ kind: "upstream-mapper", key: [key, "groups"] },
      fields: {
        identityProviderMapper: "oidc-user-attribute-idp-mapper",
        config: { claim: "groups", "user.attribute": "upstream.groups", syncMode: "FORCE" },
      },
      dependsOn: [{ kind: "identity-provider", key }],
    },
  ];
}
