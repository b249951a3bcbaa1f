import { createHash, timingSafeEqual } from "node:crypto";
import { err, ok, type Refusal, type Result, refusal } from "../../core/index.ts";
import type { Request } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { assertedClient, assertionFault } from "./assertion.ts";
import { chargeWrongSecret, mayProve } from "./guesses.ts";
import type { Client } from "./registry.ts";

const unknown = (detail: string): { ok: false; refusal: Refusal } =>
  err(refusal("invalid_client", "the client is not known, or its credentials are wrong", detail));

const malformed = (message: string): { ok: false; refusal: Refusal } => err(refusal("invalid_request", message));

/** What a request brings to prove which client it is from. */
type Offered =
  | { readonly kind: "none"; readonly id: string }
  /** The secret as sent, in each reading that it may have. */
  | { readonly kind: "secret"; readonly id: string; readonly readings: readonly string[] }
  | { readonly kind: "assertion"; readonly id: string; readonly assertion: string };

type Deps = Pick<IssuerDeps, "issuer" | "clients" | "clock" | "store" | "seal" | "audit" | "networks">;

/**
 * Which client asks (RFC 6749 section 2.3, RFC 7523). Public clients name themselves in the body or by HTTP Basic with an
 * empty secret (oidc-agent always sends Basic; keystoneauth sends both). An unknown client and wrong credentials get one
 * answer, after the same work (S-58); a failure uses nothing up, since x/oauth2 tries one way and then the other.
 */
export async function authenticateClient(deps: Deps, request: Request): Promise<Result<Client>> {
  const offered = readOffer(request);
  if (!offered.ok) return offered;
  const { id, kind } = offered.value;
  const client = deps.clients.get(id);
  const fault = await faultOf(deps, client, offered.value);
  const guesser = { id, address: request.address };
  if (client && fault === undefined) {
    const counts = kind === "secret" ? await mayProve(deps, guesser) : ok(undefined);
    return counts.ok ? ok(client) : counts;
  }
  const charged = kind === "secret" ? await chargeWrongSecret(deps, guesser) : ok(undefined);
  const detail = client ? (fault ?? "") : "unknown client_id";
  if (client && client.authentication.kind !== "none") {
    deps.audit.record("client.refused", { client: id, method: kind, address: request.address, detail });
  }
  return charged.ok ? unknown(detail) : charged;
}

/** What is wrong with the offer; `undefined` when it proves the client. */
async function faultOf(deps: Deps, client: Client | undefined, offered: Offered): Promise<string | undefined> {
  const { authentication } = client ?? {};
  switch (offered.kind) {
    case "none":
      return authentication?.kind === "none" ? undefined : "no credentials";
    case "secret": {
      const known = authentication?.kind === "secret" ? authentication.secret.reveal() : "";
      const fits = offered.readings.map((reading) => sameSecret(reading, known)).includes(true);
      return authentication?.kind === "secret" && fits ? undefined : "wrong secret, or a client without one";
    }
    case "assertion":
      return assertionFault(deps, client, offered);
  }
}

/** Compares in time that depends on the offered secret's length only: hashes are of one length. */
function sameSecret(offered: string, known: string): boolean {
  const [a, b] = [offered, known].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

function readOffer(request: Request): Result<Offered> {
  const { form } = request;
  const [inBody, bodySecret, assertion] = ["client_id", "client_secret", "client_assertion"].map((n) => form.get(n));
  const basic = readBasic(request.authorization);
  if (basic === "malformed") return unknown("malformed Authorization header, or another scheme than Basic");
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
