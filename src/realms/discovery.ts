import { z } from "zod";
import { Fault } from "../core/index.ts";
import { isIssuer } from "./schema.ts";

/** Endpoints of a customer's IdP (OpenID Connect Discovery 1.0 section 3), as far as brokering needs them. */
export interface ProviderEndpoints {
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
export type Discover = (issuer: string) => Promise<ProviderEndpoints>;

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

const maxBytes = 256 * 1024;

/** Asks the issuer itself: no redirects, at most 256 KiB, 5 s; the document must name the very same issuer (section 4.3). */
export const discover: Discover = async (issuer) => {
  const refuse = (says: string, retryable = false): never => {
    throw new Fault(`identity provider ${issuer}`, "discovery", { says, retryable });
  };
  const text = await fetchText(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, refuse);
  let parsed: z.infer<typeof metadataSchema>;
  try {
    parsed = metadataSchema.parse(JSON.parse(text));
  } catch {
    return refuse("the answer is not OpenID provider metadata with https endpoints");
  }
  if (parsed.issuer !== issuer) return refuse(`it calls itself "${parsed.issuer.slice(0, 200)}"; write exactly that`);
  const methods = parsed.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  const clientAuth = methods.includes("client_secret_basic") ? "client_secret_basic" : "client_secret_post";
  if (!methods.includes(clientAuth)) return refuse("it takes no client secret (client_secret_basic or _post)");
  return {
    authorization: parsed.authorization_endpoint,
    token: parsed.token_endpoint,
    jwks: parsed.jwks_uri,
    ...(parsed.userinfo_endpoint !== undefined && { userinfo: parsed.userinfo_endpoint }),
    ...(parsed.end_session_endpoint !== undefined && { endSession: parsed.end_session_endpoint }),
    offlineAccess: parsed.scopes_supported?.includes("offline_access") ?? false,
    clientAuth,
  };
};

async function fetchText(address: string, refuse: (says: string, retryable?: boolean) => never): Promise<string> {
  try {
    const signal = AbortSignal.timeout(5000);
    const answer = await fetch(address, { redirect: "error", signal, headers: { accept: "application/json" } });
    if (answer.status !== 200) return refuse(`HTTP ${answer.status}; is the issuer right?`, answer.status >= 500);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) return refuse("the answer is larger than 256 KiB");
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    return refuse("it could not be reached or did not answer within 5 s", true);
  }
}

/** A Keycloak's endpoints follow from its issuer; nothing is asked. */
export function keycloakEndpoints(issuer: string): ProviderEndpoints {
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
