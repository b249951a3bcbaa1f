/** A request, its parameters still apart. */
export interface Shot {
  readonly method: string;
  readonly path: string;
  /** Parameters: of the form when there is a body, of the address otherwise. */
  readonly fields: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  /** In place of the fields, as it stands. */
  readonly body?: string;
}

/** Each request comes from a network of its own, as the proxy says: what limits by address do is tested elsewhere. */
let sent = 0;
const elsewhere = () => ({ "x-forwarded-for": `10.0.${Math.floor(++sent / 250)}.${sent % 250}` });

const withBody = ["POST", "PUT", "PATCH"];
export const formType = "application/x-www-form-urlencoded";

/**
 * What an issuer made of a request: status and OAuth error code. An answer for people is a `page`; one for the client's
 * address says where the browser is sent.
 */
export async function send(issuer: string, shot: Shot): Promise<string> {
  const text = new URLSearchParams(shot.fields.map(([name, value]): [string, string] => [name, value])).toString();
  const carries = withBody.includes(shot.method);
  const url = `${issuer}${shot.path}${carries || text === "" ? "" : `?${text}`}`;
  const response = await fetch(url, {
    method: shot.method,
    redirect: "manual",
    headers: { ...elsewhere(), ...(carries && { "content-type": formType }), ...shot.headers },
    ...(carries && { body: shot.body ?? text }),
  });
  const said = await response.text();
  return [response.status, wordOf(response, said, issuer)].filter((part) => part !== "").join(" ");
}

function wordOf(response: Response, said: string, issuer: string): string {
  const location = response.headers.get("location");
  if (location !== null) {
    const to = new URL(location, issuer);
    if (to.origin === issuer) return "inside";
    // By the fragment when the response type has its tokens there (OAuth 2.0 Multiple Response Types section 2.1).
    const error = to.searchParams.get("error") ?? new URLSearchParams(to.hash.slice(1)).get("error") ?? "";
    return `to the client ${error}`.trim();
  }
  if (response.headers.get("content-type")?.startsWith("text/html")) return "page";
  try {
    const body = JSON.parse(said) as Record<string, unknown>;
    return "active" in body ? `active ${String(body["active"])}` : String(body["error"] ?? "");
  } catch {
    return "";
  }
}
