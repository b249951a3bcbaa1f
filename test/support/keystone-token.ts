/** What a Keystone says of a login. */
export interface KeystoneAnswer {
  readonly status: number;
  /** Id of the token, when there is one. */
  readonly token: string | undefined;
  /** `domain`, `roles`, … of the token's body. */
  readonly user: string | undefined;
  readonly domain: string | undefined;
  readonly roles: readonly string[];
}

/** Where a token shall be good. */
export type KeystoneScope = { readonly project: string; readonly domain: string } | { readonly domain: string };

/** The federated login that keystoneauth's `v3oidcaccesstoken` makes: an access token for an unscoped Keystone token. */
export const federatedLogin = (url: string, identityProvider: string, accessToken: string): Promise<KeystoneAnswer> =>
  ask(`${url}/OS-FEDERATION/identity_providers/${identityProvider}/protocols/openid/auth`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });

/** Trades an unscoped token for one with a scope. */
export function rescope(url: string, unscoped: string, scope: KeystoneScope): Promise<KeystoneAnswer> {
  const domain = { name: scope.domain };
  const wanted = "project" in scope ? { project: { name: scope.project, domain } } : { domain };
  const auth = { identity: { methods: ["token"], token: { id: unscoped } }, scope: wanted };
  return ask(`${url}/auth/tokens`, { headers: { "content-type": "application/json" }, body: JSON.stringify({ auth }) });
}

async function ask(url: string, init: { headers: Record<string, string>; body?: string }): Promise<KeystoneAnswer> {
  const answer = await fetch(url, { method: "POST", ...init });
  const body = (await answer.json().catch(() => ({}))) as {
    token?: { user?: { name?: string; domain?: { name?: string } }; roles?: { name: string }[] };
  };
  return {
    status: answer.status,
    token: answer.headers.get("x-subject-token") ?? undefined,
    user: body.token?.user?.name,
    domain: body.token?.user?.domain?.name,
    roles: (body.token?.roles ?? []).map((r) => r.name).sort(),
  };
}
