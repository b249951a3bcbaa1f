import { z } from "zod";
import { Fault } from "../core/index.ts";
import { type FetchRules, makeGate, makeGuardedFetch } from "../http-client/index.ts";
import { fetchMetadata, isUnreachable, metadataUrl, remedyOf } from "../probe/index.ts";
import { isIssuer } from "./format/vocabulary.ts";

/** Endpoints of a customer's IdP (OpenID Connect Discovery 1.0 section 3), as far as brokering needs them. */
export interface IdentityProviderEndpoints {
  readonly authorization: string;
  readonly token: string;
  readonly userinfo?: string;
  readonly jwks: string;
  readonly endSession?: string;
  /** True when the IdP names `offline_access` among its scopes. */
  readonly offlineAccess: boolean;
  /** How our client's secret is sent. */
  readonly clientAuth: "client_secret_basic" | "client_secret_post";
}

/** Finds the endpoints behind an issuer. Throws `Fault` naming the issuer. */
export type Discover = (issuer: string) => Promise<IdentityProviderEndpoints>;

const url = z.string().refine((text) => isIssuer(text.split("?")[0] ?? ""), "not an https URL");
const metadataSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: url,
  token_endpoint: url,
  userinfo_endpoint: url.optional(),
  jwks_uri: url,
  end_session_endpoint: url.optional(),
  scopes_supported: z.array(z.string()).optional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
});

/**
 * Asks the issuer itself, through the guarded fetch: the document must name the very same issuer (section 4.3), and every
 * address in it passes the same gate, because Keycloak will ask it from inside (S-40).
 */
export function makeDiscover(rules: FetchRules): Discover {
  const [guardedFetch, gate] = [makeGuardedFetch(rules), makeGate(rules)];
  return async (issuer) => {
    const refuse = (message: string, retryable = false): never => {
      throw new Fault(`identity provider ${issuer}`, "discovery", { message, retryable });
    };
    const found = await fetchMetadata(guardedFetch, metadataUrl(issuer));
    if (!found.ok) return refuse(`${found.refusal.message}; ${remedyOf(found.refusal)}`, isUnreachable(found.refusal));
    const parsed = metadataSchema.safeParse(found.value.metadata);
    if (!parsed.success) return refuse("the answer is not OpenID provider metadata with https endpoints");
    const { data } = parsed;
    if (data.issuer !== issuer) return refuse(`it calls itself "${data.issuer.slice(0, 200)}"; write exactly that`);
    for (const [name, url] of Object.entries(data)) {
      if (typeof url !== "string" || name === "issuer") continue;
      const gated = await gate(url);
      if (!gated.ok)
        return refuse(`its ${name} cannot be used: ${gated.refusal.message}`, isUnreachable(gated.refusal));
    }
    return endpointsOf(data) ?? refuse("it takes no client secret (client_secret_basic or _post)");
  };
}

/** Discovery of providers on the internet; an operator's own networks are opened by `makeDiscover`. */
export const discover: Discover = makeDiscover({});

/** For who asks again and again: a provider that gives no good answer any more is taken for what it said last. */
export function remembering(discover: Discover): Discover {
  const known = new Map<string, IdentityProviderEndpoints>();
  return async (issuer) => {
    try {
      const found = await discover(issuer);
      known.set(issuer, found);
      return found;
    } catch (thrown) {
      const last = known.get(issuer);
      if (last === undefined || !(thrown instanceof Fault)) throw thrown;
      return last;
    }
  };
}

function endpointsOf(data: z.infer<typeof metadataSchema>): IdentityProviderEndpoints | undefined {
  const methods = data.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  const clientAuth = methods.includes("client_secret_basic") ? "client_secret_basic" : "client_secret_post";
  if (!methods.includes(clientAuth)) return undefined;
  return {
    authorization: data.authorization_endpoint,
    token: data.token_endpoint,
    jwks: data.jwks_uri,
    ...(data.userinfo_endpoint !== undefined && { userinfo: data.userinfo_endpoint }),
    ...(data.end_session_endpoint !== undefined && { endSession: data.end_session_endpoint }),
    offlineAccess: data.scopes_supported?.includes("offline_access") ?? false,
    clientAuth,
  };
}

/** A Keycloak's endpoints follow from its issuer; nothing is asked. */
export function keycloakEndpoints(issuer: string): IdentityProviderEndpoints {
  const base = `${issuer.replace(/\/$/, "")}/protocol/openid-connect`;
  return {
    authorization: `${base}/auth`,
    token: `${base}/token`,
    userinfo: `${base}/userinfo`,
    jwks: `${base}/certs`,
    endSession: `${base}/logout`,
    offlineAccess: true,
    clientAuth: "client_secret_basic",
  };
}
