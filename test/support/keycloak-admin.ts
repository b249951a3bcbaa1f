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

/** What is sent as JSON is not always JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A token lives a minute; it is not used for longer than this. */
const tokenMs = 40_000;

/**
 * Logs in with a name and a password of the master realm. A token is used again while it lives; one that is older than
 * the realm has no rights on it, hence a refusal is asked once more with a fresh one.
 */
export function keycloakAdmin(url: string, username: string, password: string): KeycloakAdmin {
  const mint = async (): Promise<string> => {
    const form = { grant_type: "password", client_id: "admin-cli", username, password };
    const answer = await fetch(`${url}/realms/master/protocol/openid-connect/token`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    const body = (await answer.json()) as { access_token?: string };
    if (body.access_token === undefined) throw new Error(`no admin token: HTTP ${answer.status}`);
    return body.access_token;
  };
  let kept: { readonly token: Promise<string>; readonly until: number } | undefined;
  const token = (fresh: boolean): Promise<string> => {
    if (fresh || kept === undefined || performance.now() > kept.until) {
      kept = { token: mint(), until: performance.now() + tokenMs };
    }
    return kept.token;
  };
  const send = async (method: string, path: string, body: unknown, fresh: boolean): Promise<Response> => {
    const answer = await fetch(`${url}/admin/realms${path}`, {
      method,
      headers: { authorization: `Bearer ${await token(fresh)}`, "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return !fresh && (answer.status === 401 || answer.status === 403) ? send(method, path, body, true) : answer;
  };
  const call: KeycloakAdmin["call"] = async (method, path, body) => {
    const answer = await send(method, path, body, false);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: HTTP ${answer.status} ${text.slice(0, 300)}`);
    // Some answer a bare id.
    if (text !== "") return /json/.test(answer.headers.get("content-type") ?? "") ? parsed(text) : text;
    return answer.headers.get("location")?.split("/").pop();
  };
  return {
    url,
    call,
    list: async (path) => (await call("GET", path)) as Record<string, unknown>[],
    get: async (path) => (await call("GET", path)) as Record<string, unknown>,
  };
}
