/** Keycloak's admin API by hand, for what tests do behind the project's back. Plain fetch on purpose: not what is tested. */
export interface KeycloakAdmin {
  readonly url: string;
  /** One request to `/admin/realms<path>`; throws unless it is answered with success. Answers the JSON, or the id of what was created. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** As `call`, and the answer is a list of maps. */
  list(path: string): Promise<Record<string, unknown>[]>;
  /** As `call`, and the answer is a map. */
  get(path: string): Promise<Record<string, unknown>>;
}

/** Logs in with a name and a password of the master realm. A token is taken for each request: they live one minute. */
export function keycloakAdmin(url: string, username: string, password: string): KeycloakAdmin {
  const token = async (): Promise<string> => {
    const form = { grant_type: "password", client_id: "admin-cli", username, password };
    const answer = await fetch(`${url}/realms/master/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    const body = (await answer.json()) as { access_token?: string };
    if (body.access_token === undefined) throw new Error(`no admin token: HTTP ${answer.status}`);
    return body.access_token;
  };
  const call: KeycloakAdmin["call"] = async (method, path, body) => {
    const answer = await fetch(`${url}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${await token()}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status} ${text.slice(0, 300)}`);
    if (text !== "") return JSON.parse(text);
    return answer.headers.get("location")?.split("/").pop();
  };
  return {
    url,
    call,
    list: async (path) => (await call("GET", path)) as Record<string, unknown>[],
    get: async (path) => (await call("GET", path)) as Record<string, unknown>,
  };
}
