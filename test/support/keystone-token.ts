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

/** A key for machines, as Keystone hands it out once. */
export interface ApplicationCredential {
  readonly id: string;
  readonly secret: string;
}

/** Makes an application credential of the person and the project that a token is for. */
export async function makeApplicationCredential(
  url: string,
  token: string,
  name: string,
): Promise<ApplicationCredential> {
  const headers = { "content-type": "application/json", "x-auth-token": token };
  const self = await fetch(`${url}/auth/tokens`, { headers: { ...headers, "x-subject-token": token } });
  const { token: known } = (await self.json()) as { token: { user: { id: string } } };
  const body = JSON.stringify({ application_credential: { name } });
  const path = `${url}/users/${known.user.id}/application_credentials`;
  const answer = await fetch(path, { method: "POST", headers, body });
  if (answer.status !== 201) throw new Error(`no application credential: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { application_credential: ApplicationCredential }).application_credential;
}

/** A login of the machine that has the key. */
export function machineLogin(url: string, { id, secret }: ApplicationCredential): Promise<KeystoneAnswer> {
  const identity = { methods: ["application_credential"], application_credential: { id, secret } };
  const body = JSON.stringify({ auth: { identity } });
  return ask(`${url}/auth/tokens`, { headers: { "content-type": "application/json" }, body });
}

/** Whether Keystone takes a token. Throws for any other answer than yes or no: 404 = a thing that the token names is gone. */
export async function isHonoured(url: string, token: string): Promise<boolean> {
  const { status } = await fetch(`${url}/auth/projects`, { headers: { "x-auth-token": token } });
  if (![200, 401, 404].includes(status)) throw new Error(`Keystone answers ${status} to a token`);
  return status === 200;
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
