import { err, type OAuthError, ok, type Result, refusal, type TargetName } from "../../core/index.ts";
import type { Fields } from "../../http/index.ts";
import { type Client, grantTypes } from "../clients/registry.ts";
import { readScope } from "../clients/scope.ts";
import type { IssuerDeps } from "../deps.ts";
import { readResource } from "../logins/rights.ts";
import { readIdTokenHint } from "../tokens/id-token-hint.ts";
import { isThumbprint } from "../tokens/proof.ts";
import { isRedirectOf } from "./redirect.ts";

/** An authorization request (RFC 6749 section 4.1.1) that may be answered. Fixed from here on (S-09). */
export interface AuthorizationRequest {
  readonly client: string;
  readonly redirectUri: string;
  readonly scope: readonly string[];
  readonly target?: TargetName;
  /** S256 (RFC 7636); absent for a client that may do without. */
  readonly challenge?: string;
  /** Thumbprint of the key that the code is bound to (RFC 9449 section 10). */
  readonly jkt?: string;
  readonly state?: string;
  readonly nonce?: string;
  /** `none`: no page may be shown; `login`: prove again (OpenID Core section 3.1.2.1). */
  readonly prompt?: "none" | "login" | "consent" | "select_account";
  /** Seconds since the person proved who it is, at most. */
  readonly maxAge?: number;
  /** The one person who may be answered for: whom `id_token_hint` names (OpenID Core section 3.1.2.2). */
  readonly subject?: string;
}

/** Where a request that cannot be answered with a code is told so: on a page of ours, or at the client's address. */
export type Unanswerable =
  | { readonly kind: "page"; readonly message: string }
  | {
      readonly kind: "redirect";
      readonly redirectUri: string;
      readonly state?: string;
      readonly error: string;
      readonly message: string;
    };

const prompts = ["none", "login", "consent", "select_account"] as const;
const longestParameter = 1024;
const unsupported = {
  request: "request_not_supported",
  request_uri: "request_uri_not_supported",
  registration: "registration_not_supported",
} as const;

/** Which client asks and where the answer goes. If either is wrong nothing is ever sent there (S-19). */
export function readAddress(
  clients: IssuerDeps["clients"],
  fields: Fields,
): Result<{ client: Client; redirectUri: string }, Unanswerable> {
  const page = (message: string) => err<Unanswerable>({ kind: "page", message });
  const client = clients.get(fields.get("client_id") ?? "");
  if (!client) return page("The program that sent you here is not known.");
  const redirectUri = fields.get("redirect_uri");
  if (redirectUri === undefined) return page("The program did not say where to go back to (redirect_uri).");
  if (!isRedirectOf(client, redirectUri)) return page("The address to go back to is not one of the program's.");
  return ok({ client, redirectUri });
}

/**
 * A request with repeated parameters: the client is told (RFC 6749 section 4.1.2.1) if its address is not among them, and
 * right; a state that was repeated is nobody's, and is left out.
 */
export function readRepetition(
  clients: IssuerDeps["clients"],
  fields: Fields,
  { code, message }: OAuthError,
): Unanswerable {
  const address = readAddress(clients, fields);
  if (!address.ok) return { kind: "page", message };
  return { ...answering(address.value.redirectUri, fields), error: code, message };
}

/** The request of a client that must push them, and did not (RFC 9126 section 5). */
export const readUnpushed = (redirectUri: string, fields: Fields): Unanswerable => ({
  ...answering(redirectUri, fields),
  error: "invalid_request",
  message: "this client must push its requests (PAR)",
});

/** Where a request is answered, and what lets the client know it again. */
function answering(redirectUri: string, fields: Fields) {
  const state = fields.get("state");
  return { kind: "redirect", redirectUri, ...(state !== undefined && { state }) } as const;
}

/** Reads an authorization request whose address is right; what is wrong now is told to the client. */
export async function readRequest(
  deps: Deps,
  client: Client,
  redirectUri: string,
  fields: Fields,
): Promise<Result<AuthorizationRequest, Unanswerable>> {
  const about = answering(redirectUri, fields);
  const wrong = (error: string, message: string) => err<Unanswerable>({ ...about, error, message });
  for (const [name, error] of Object.entries(unsupported)) {
    if (fields.has(name)) return wrong(error, `${name} is not supported`);
  }
  for (const name of ["state", "nonce"]) {
    if ((fields.get(name)?.length ?? 0) > longestParameter) return wrong("invalid_request", `${name} is too long`);
  }
  if (!client.grants.includes(grantTypes["authorization-code"])) {
    return wrong("unauthorized_client", "the client may not use the authorization code grant");
  }
  const type = fields.get("response_type");
  if (type === undefined) return wrong("invalid_request", "response_type is missing");
  if (type !== "code") return wrong("unsupported_response_type", "response_type must be code");
  if ((fields.get("response_mode") ?? "query") !== "query")
    return wrong("invalid_request", "response_mode must be query");
  const details = await readDetails(deps, client, fields);
  if (!details.ok) return wrong(details.refusal.code, details.refusal.message);
  const { state } = about;
  return ok({ client: client.id, redirectUri, ...(state !== undefined && { state }), ...details.value });
}

type Deps = Pick<IssuerDeps, "policy" | "issuer" | "keys" | "clock">;
type Details = Omit<AuthorizationRequest, "client" | "redirectUri" | "state">;

async function readDetails(deps: Deps, client: Client, fields: Fields): Promise<Result<Details, OAuthError>> {
  const scope = readScope(client, fields.get("scope"));
  if (!scope.ok) return scope;
  const target = readResource(deps, client.target, fields.get("resource"));
  if (!target.ok) return target;
  const challenge = readChallenge(client, fields, scope.value);
  if (!challenge.ok) return challenge;
  const prompt = readPrompt(fields.get("prompt"));
  if (!prompt.ok) return prompt;
  const maxAge = fields.get("max_age");
  if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge))
    return err(refusal("invalid_request", "max_age must be a number"));
  const subject = await readSubject(deps, fields.get("id_token_hint"));
  if (!subject.ok) return subject;
  const nonce = fields.get("nonce");
  const jkt = fields.get("dpop_jkt");
  if (jkt !== undefined && !isThumbprint(jkt))
    return err(refusal("invalid_request", "dpop_jkt is not a SHA-256 thumbprint"));
  return ok({
    scope: scope.value,
    ...(target.value !== undefined && { target: target.value }),
    ...(challenge.value !== undefined && { challenge: challenge.value }),
    ...(jkt !== undefined && { jkt }),
    ...(nonce !== undefined && { nonce }),
    ...(prompt.value !== undefined && { prompt: prompt.value }),
    ...(maxAge !== undefined && { maxAge: Number(maxAge) }),
    ...(subject.value !== undefined && { subject: subject.value }),
  });
}

/**
 * The challenge of PKCE. A client that proves itself may be allowed to do without: then a nonce binds the code, since it comes
 * back in an ID token that was signed for this request alone (RFC 9700 section 2.1.1). Half a challenge counts as none.
 */
function readChallenge(
  client: Client,
  fields: Fields,
  scope: readonly string[],
): Result<string | undefined, OAuthError> {
  const challenge = fields.get("code_challenge");
  const method = fields.get("code_challenge_method");
  if (challenge === undefined && method === undefined && client.pkce !== "required") {
    const bound = client.pkce === "allow-insecure" || (fields.get("nonce") && scope.includes("openid"));
    return bound
      ? ok(undefined)
      : err(refusal("invalid_request", "without PKCE a nonce and the scope openid are required"));
  }
  // `plain` is what RFC 7636 means when the method is missing: it binds nobody (S-04).
  if (challenge === undefined || method !== "S256" || !/^[\w-]{43}$/.test(challenge)) {
    return err(refusal("invalid_request", "PKCE is required: code_challenge with code_challenge_method=S256"));
  }
  return ok(challenge);
}

/** Whom a hint names. One that is no ID token of ours is refused: passed over, it would let anybody answer. */
async function readSubject(deps: Deps, hint: string | undefined): Promise<Result<string | undefined, OAuthError>> {
  if (hint === undefined) return ok(undefined);
  const named = await readIdTokenHint(deps, hint);
  return named ? ok(named.sub) : err(refusal("invalid_request", "id_token_hint is not an ID token of this issuer"));
}

/** `none` may not stand with others; of the rest the strictest counts. */
function readPrompt(text: string | undefined): Result<AuthorizationRequest["prompt"], OAuthError> {
  if (text === undefined || text === "") return ok(undefined);
  const asked = text.split(" ").filter((p) => p !== "");
  if (asked.some((p) => !prompts.some((known) => known === p)))
    return err(refusal("invalid_request", "prompt is not known"));
  if (asked.includes("none") && asked.length > 1) return err(refusal("invalid_request", "prompt=none stands alone"));
  return ok(prompts.find((p) => asked.includes(p)));
}
