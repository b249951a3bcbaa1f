import { err, type OAuthError, ok, type Result, refusal } from "../../core/index.ts";
import type { Request } from "../../http/index.ts";
import { assertedClient } from "../clients/assertion.ts";
import { type AuthenticationDeps, authenticateClient, type ClientCredentials } from "../clients/authenticate.ts";
import type { Client } from "../clients/registry.ts";

/** The client that a request is from, proved by what it brings (RFC 6749 section 2.3, RFC 7523). */
export async function clientOf(
  deps: AuthenticationDeps,
  request: Pick<Request, "form" | "authorization" | "address">,
): Promise<Result<Client, OAuthError>> {
  const credentials = readClientCredentials(request);
  return credentials.ok ? authenticateClient(deps, credentials.value, request.address) : credentials;
}

const malformed = (message: string) => err(refusal("invalid_request", message));

/** What a request brings to prove which client it is from: one way at a time, and one name in all of its places. */
function readClientCredentials({
  form,
  authorization,
}: Pick<Request, "form" | "authorization">): Result<ClientCredentials, OAuthError> {
  const [inBody, bodySecret, assertion] = ["client_id", "client_secret", "client_assertion"].map((n) => form.get(n));
  const basic = readBasic(authorization);
  if (basic === "malformed") {
    const message = "the client is not known, or its credentials are wrong";
    return err(refusal("invalid_client", message, "malformed Authorization header, or another scheme than Basic"));
  }
  const ways = [basic !== undefined && basic.secret !== "", bodySecret !== undefined, assertion !== undefined];
  if (ways.filter(Boolean).length > 1) return malformed("one way of client authentication at a time");
  const asserted = assertion === undefined ? undefined : assertedClient(assertion, form.get("client_assertion_type"));
  if (asserted && !asserted.ok) return asserted;
  const ids = new Set([asserted?.value, basic?.id, inBody].filter((id) => id !== undefined));
  if (ids.size > 1) return malformed("client_id differs between header, body and assertion");
  const [id] = ids;
  if (id === undefined) return malformed("client_id is missing");
  if (assertion !== undefined) return ok({ kind: "assertion", id, assertion });
  if (basic && basic.secret !== "") return ok({ kind: "secret", id, readings: [basic.secret, basic.raw] });
  return bodySecret === undefined ? ok({ kind: "none", id }) : ok({ kind: "secret", id, readings: [bodySecret] });
}

/**
 * RFC 6749 section 2.3.1: both parts are form-encoded before they are put together. keystoneauth leaves that out, so the
 * secret counts as it stands too.
 */
function readBasic(header: string | undefined): { id: string; secret: string; raw: string } | "malformed" | undefined {
  if (header === undefined) return undefined;
  // Who proves itself in a way that we do not know has not proved itself (RFC 6749 section 5.2).
  const [, encoded] = /^basic +([\w.~+/-]+=*)$/i.exec(header) ?? [];
  if (encoded === undefined) return "malformed";
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const at = text.indexOf(":");
  if (at < 1) return "malformed";
  const raw = text.slice(at + 1);
  return { id: formDecode(text.slice(0, at)), secret: formDecode(raw), raw };
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text; // not encoded at all
  }
}
