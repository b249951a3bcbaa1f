/** How large the realm is; what is made is one more, the realm itself. */
export const sizes = {
  full: { clients: 500, roles: 500, scopes: 100, parents: 10, children: 99 },
  quick: { clients: 50, roles: 50, scopes: 10, parents: 10, children: 9 },
} as const;
/** Name of a size. */
export type SizeName = keyof typeof sizes;

/** A realm in Keycloak's own words. */
export interface Representation {
  readonly realm: string;
  readonly enabled: true;
  readonly roles: { readonly realm: readonly object[] };
  readonly clientScopes: readonly object[];
  readonly clients: readonly object[];
  readonly groups: readonly { readonly name: string; readonly subGroups: readonly object[] }[];
}

/** Of every client; it is nobody's. */
export const secret = "a secret of the bench";

const list = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** The realm of the bench. */
export function representation(name: SizeName): Representation {
  const { clients, roles, scopes, parents, children } = sizes[name];
  return {
    realm: "bench",
    enabled: true,
    roles: { realm: list(roles, (i) => ({ name: `role-${i}`, description: `number ${i}` })) },
    clientScopes: list(scopes, (i) => ({ name: `scope-${i}`, protocol: "openid-connect" })),
    clients: list(clients, (i) => ({
      clientId: `client-${i}`,
      secret,
      redirectUris: [`https://client-${i}.example/callback`],
      directAccessGrantsEnabled: false,
    })),
    groups: list(parents, (i) => ({
      name: `customer-${i}`,
      attributes: { number: [String(i)] },
      subGroups: list(children, (n) => ({ name: `team-${n}`, attributes: { number: [String(n)] } })),
    })),
  };
}

/** How many objects a size has, the realm among them. */
export function countOf(name: SizeName): number {
  const { clients, roles, scopes, parents, children } = sizes[name];
  return 1 + clients + roles + scopes + parents * (children + 1);
}
