import {
  type Claims,
  claimAt,
  err,
  Fault,
  ok,
  outerClaim,
  type PageError,
  type Result,
  refusal,
} from "../../core/index.ts";
import { createFetch } from "../../http-client/index.ts";
import { fetchMetadata, metadataUrl, readObject, textOf } from "../../probe/index.ts";
import type { RelyingPartyDeps } from "../deps.ts";
import type { RecheckRule } from "../identity-providers/tables.ts";

/** Names the claims that did not fit in (OpenID Connect Core 5.6.2): too many groups are unknown, never none. */
const overage = "_claim_names";

type Deps = Pick<RelyingPartyDeps, "options" | "fetch"> & {
  readonly identityProviders: Pick<RelyingPartyDeps["identityProviders"], "rechecks">;
};

/**
 * The customer's identity provider's present word on a person. Keycloak's own refresh does not notice what happened
 * there, but it keeps that provider's token and renews it; with that token the provider's userinfo is read now: groups
 * as they are, 401 when the person was disabled. Claims that are the provider's to give come from this answer alone, so
 * that one taken away is gone.
 */
export async function recheckClaims(
  deps: Deps,
  identityProvider: string,
  claims: Claims,
  accessToken: string,
): Promise<Result<Claims, PageError>> {
  const rule = deps.identityProviders.rechecks().get(identityProvider);
  if (!rule || rule.recheck === "none") return ok(claims);
  try {
    const stored = await storedToken(deps, identityProvider, accessToken);
    if (!stored.ok) return stored;
    const fresh = await userinfo(deps, rule, stored.value.token);
    if (!fresh.ok) return fresh;
    const about = subjectOf(rule, fresh.value);
    if (stored.value.subject !== undefined && stored.value.subject !== about) {
      return ended(`${identityProvider}: userinfo is about another subject than the login`);
    }
    return ok(rule.claims.length === 0 ? claims : replaced(rule, claims, fresh.value));
  } catch (error) {
    if (rule.recheck === "best-effort" && error instanceof Fault) return ok(claims);
    throw error;
  }
}

/** The login's claims with userinfo's in place of those that are the provider's to give, each read where Keycloak reads it. */
function replaced({ claims: names, shapes = [] }: RecheckRule, login: Claims, userinfo: Claims): Claims {
  const kept = Object.entries(login).filter(([name]) => name !== overage && !names.includes(name));
  const places = names.map((name) => [name, shapes.find((shape) => shape.name === name)?.from ?? name] as const);
  const given = places
    .map(([name, from]) => [name, claimAt(from, { userinfo })] as const)
    .filter(([, value]) => value !== undefined);
  const marker = userinfo[overage];
  if (typeof marker !== "object" || marker === null) return Object.fromEntries([...kept, ...given]);
  // The provider says it of its own names; one that is ours for another claim would make that one unknown.
  const theirs = Object.entries(marker).filter(([name]) => !names.includes(name));
  const ours = places.flatMap(([name, from]) => {
    const outer = outerClaim(from);
    return Object.hasOwn(marker, outer) ? [[name, (marker as Claims)[outer]] as const] : [];
  });
  return Object.fromEntries([...kept, ...given, [overage, Object.fromEntries([...theirs, ...ours])]]);
}

const ended = (detail: string) =>
  err(refusal("login_failed", "Your identity provider no longer confirms your login.", detail));

/**
 * The identity provider's token that Keycloak keeps: `GET /realms/<realm>/broker/<alias>/token`. This is Keycloak's brokering API
 * v1, on by default and marked deprecated in 26.7; it is known to this function only.
 */
async function storedToken(
  deps: Deps,
  identityProvider: string,
  accessToken: string,
): Promise<Result<Stored, PageError>> {
  const url = `${deps.options.issuer}/broker/${encodeURIComponent(identityProvider)}/token`;
  const answer = await askRealm(deps, url, accessToken);
  if (answer.status === 400 || answer.status === 401 || answer.status === 403) {
    return ended(`the realm gave no token of the identity provider: ${answer.status}`);
  }
  const token = answer.body?.["access_token"];
  if (answer.status !== 200 || typeof token !== "string") {
    throw new Fault("keycloak", "reading the identity provider's token", { message: `status ${answer.status}` });
  }
  return ok({ token, subject: subjectIn(answer.body?.["id_token"]) });
}

/** What Keycloak keeps of a login at the customer's identity provider. */
interface Stored {
  readonly token: string;
  /** Of the ID token that Keycloak verified at the login; absent where it keeps none. */
  readonly subject: string | undefined;
}

function subjectIn(idToken: unknown): string | undefined {
  if (typeof idToken !== "string") return undefined;
  const payload = readObject(Buffer.from(idToken.split(".")[1] ?? "", "base64url").toString());
  return payload === undefined ? undefined : textOf(payload, "sub");
}

/**
 * Whom userinfo is about: it must say so, and be used for nobody else (OpenID Connect Core 5.3.2). An answer that does not
 * say it is no word on anybody (S-75).
 */
function subjectOf({ alias: identityProvider }: RecheckRule, claims: Claims): string {
  const subject = textOf(claims, "sub");
  if (subject === undefined)
    throw new Fault(`identity provider ${identityProvider}`, "userinfo", { message: "it names no subject" });
  return subject;
}

/** The customer's own servers are asked through the guarded fetch: their addresses come from metadata (S-38 to S-40). */
async function userinfo(deps: Deps, rule: RecheckRule, token: string): Promise<Result<Claims, PageError>> {
  const dependency = `identity provider ${rule.alias}`;
  const endpoint = await userinfoEndpoint(deps, rule, dependency);
  const answer = await deps.fetch(endpoint, { headers: { authorization: `Bearer ${token}` } });
  if (answer.ok) {
    const claims = readObject(answer.value.text);
    if (claims === undefined) throw new Fault(dependency, "userinfo", { message: "no JSON object" });
    return ok(claims);
  }
  const { message, status } = answer.refusal;
  if (status === 401 || status === 403) return ended(`${rule.alias}: userinfo answered ${status}`);
  throw new Fault(dependency, "userinfo", { message });
}

const endpoints = new WeakMap<RecheckRule, string>();

async function userinfoEndpoint(deps: Deps, rule: RecheckRule, dependency: string): Promise<string> {
  const known = endpoints.get(rule);
  if (known !== undefined) return known;
  const found = await fetchMetadata(deps.fetch, metadataUrl(rule.issuer));
  if (!found.ok) throw new Fault(dependency, "discovery", { message: found.refusal.message });
  const { metadata } = found.value;
  if (metadata["issuer"] !== rule.issuer) throw new Fault(dependency, "discovery", { message: "it is another issuer" });
  const endpoint = textOf(metadata, "userinfo_endpoint");
  if (endpoint === undefined) throw new Fault(dependency, "discovery", { message: "there is no userinfo_endpoint" });
  endpoints.set(rule, endpoint);
  return endpoint;
}

async function askRealm(deps: Deps, url: string, token: string) {
  try {
    const ask = createFetch({ timeoutMs: deps.options.timeout * 1000 });
    const response = await ask(url, { headers: { authorization: `Bearer ${token}`, accept: "application/json" } });
    const text = await response.text();
    return { status: response.status, body: response.ok ? (JSON.parse(text) as Record<string, unknown>) : undefined };
  } catch (cause) {
    throw new Fault("keycloak", "reading the identity provider's token", { cause });
  }
}
