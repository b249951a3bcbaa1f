import * as oidc from "openid-client";
import { type Claims, Fault, no, ok, type Result, refusal } from "../../core/index.ts";
import type { RecheckRule, UpstreamDeps } from "../deps.ts";

/** Names the claims that did not fit in (OpenID Connect Core 5.6.2): too many groups are unknown, never none. */
const overage = "_claim_names";

type Deps = Pick<UpstreamDeps, "options" | "rechecks">;

/**
 * The customer's identity provider's present word on a person. Keycloak's own refresh does not notice what happened
 * upstream, but it keeps the upstream's token and renews it; with that token the upstream's userinfo is read now: groups
 * as they are, 401 when the person was disabled. Claims that are the provider's to give come from this answer alone, so
 * that one taken away is gone.
 */
export async function recheckClaims(
  deps: Deps,
  alias: string,
  claims: Claims,
  accessToken: string,
): Promise<Result<Claims>> {
  const rule = deps.rechecks.get(alias);
  if (!rule || rule.recheck === "none") return ok(claims);
  try {
    const stored = await storedToken(deps, alias, accessToken);
    if (!stored.ok) return stored;
    const fresh = await userinfo(deps, rule, stored.value);
    if (!fresh.ok) return fresh;
    // Where userinfo gives no claims, the login's stand, with its word on what did not fit in.
    const theirs = rule.claims.length === 0 ? [] : [...rule.claims, overage];
    const kept = Object.entries(claims).filter(([name]) => !theirs.includes(name));
    const given = theirs.filter((name) => fresh.value[name] !== undefined).map((name) => [name, fresh.value[name]]);
    return ok({ ...Object.fromEntries(kept), ...Object.fromEntries(given) });
  } catch (error) {
    if (rule.recheck === "best-effort" && error instanceof Fault) return ok(claims);
    throw error;
  }
}

const ended = (because: string) =>
  no(refusal("login_failed", "Your identity provider no longer confirms your login.", because));

/**
 * The upstream token that Keycloak keeps: `GET /realms/<realm>/broker/<alias>/token`. This is Keycloak's brokering API
 * v1, on by default and marked deprecated in 26.7; it is known to this function only.
 */
async function storedToken(deps: Deps, alias: string, accessToken: string): Promise<Result<string>> {
  const url = `${deps.options.issuer}/broker/${encodeURIComponent(alias)}/token`;
  const answer = await ask(deps, "keycloak", "reading the stored upstream token", url, accessToken);
  if (answer.status === 400 || answer.status === 401 || answer.status === 403) {
    return ended(`the realm gave no upstream token: ${answer.status}`);
  }
  const token = answer.body?.["access_token"];
  if (answer.status !== 200 || typeof token !== "string") {
    throw new Fault("keycloak", "reading the stored upstream token", { says: `status ${answer.status}` });
  }
  return ok(token);
}

async function userinfo(deps: Deps, rule: RecheckRule, token: string): Promise<Result<Claims>> {
  const dependency = `identity provider ${rule.alias}`;
  const endpoint = await userinfoEndpoint(deps, rule, dependency);
  const answer = await ask(deps, dependency, "userinfo", endpoint, token);
  if (answer.status === 401 || answer.status === 403) return ended(`${rule.alias}: userinfo answered ${answer.status}`);
  if (answer.status !== 200 || !isObject(answer.body))
    throw new Fault(dependency, "userinfo", { says: `status ${answer.status}` });
  return ok(answer.body);
}

const isObject = (value: unknown): value is Claims =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const endpoints = new WeakMap<RecheckRule, string>();

async function userinfoEndpoint(deps: Deps, rule: RecheckRule, dependency: string): Promise<string> {
  const known = endpoints.get(rule);
  if (known !== undefined) return known;
  try {
    const insecure = deps.options.allowInsecureLoopback ? { execute: [oidc.allowInsecureRequests] } : {};
    const config = await oidc.discovery(new URL(rule.issuer), "cloudpass", undefined, oidc.None(), {
      timeout: deps.options.timeout,
      ...insecure,
    });
    const found = config.serverMetadata().userinfo_endpoint;
    if (found === undefined) throw new Error("the metadata has no userinfo_endpoint");
    endpoints.set(rule, found);
    return found;
  } catch (cause) {
    throw new Fault(dependency, "discovery", { cause });
  }
}

async function ask(deps: Deps, dependency: string, operation: string, url: string, token: string) {
  try {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(deps.options.timeout * 1000),
    });
    const text = await response.text();
    return { status: response.status, body: response.ok ? (JSON.parse(text) as Record<string, unknown>) : undefined };
  } catch (cause) {
    throw new Fault(dependency, operation, { cause });
  }
}
