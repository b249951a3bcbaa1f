import type { PlainMap } from "../../reconcile/index.ts";
import type { IdentityProviderEndpoints } from "../discovery.ts";
import type { IdentityProviderSpec } from "../format/model.ts";
import { merge } from "./fields.ts";
import { configOf } from "./identity-provider.ts";

/** What a login through Keycloak asks of an OpenID Provider: the same for whoever tries it without Keycloak. */
export interface AskedLogin {
  readonly scopes: readonly string[];
  /** Sent besides those that every login has, such as Google's `access_type`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** PKCE with S256 (RFC 7636). */
  readonly pkce: boolean;
  /** How Keycloak proves our client, in its own words. */
  readonly clientAuth: string;
  readonly authorizationUrl?: string;
  readonly tokenUrl?: string;
  readonly userInfoUrl?: string;
}

/** What Keycloak will ask, once the file is applied. */
export function askedLogin(u: IdentityProviderSpec, endpoints: IdentityProviderEndpoints | undefined): AskedLogin {
  const written = u.template === "custom" ? u.config : configOf(u, endpoints);
  const config = merge(written, (u.raw?.["config"] ?? {}) as PlainMap);
  const text = (name: string): string | undefined => {
    const value = config[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const scopes = (text("defaultScope") ?? "openid").split(/\s+/);
  const [authorizationUrl, tokenUrl, userInfoUrl] = [text("authorizationUrl"), text("tokenUrl"), text("userInfoUrl")];
  const [prompt, domain] = [text("prompt"), text("hostedDomain")];
  return {
    // Keycloak puts it first where it is missing.
    scopes: scopes.includes("openid") ? scopes : ["openid", ...scopes],
    parameters: {
      ...(prompt !== undefined && { prompt }),
      ...(domain !== undefined && { hd: domain }),
      ...(text("offlineAccess") === "true" && { access_type: "offline" }),
    },
    pkce: text("pkceEnabled") === "true" && text("pkceMethod") === "S256",
    clientAuth: text("clientAuthMethod") ?? "client_secret_post",
    ...(authorizationUrl !== undefined && { authorizationUrl }),
    ...(tokenUrl !== undefined && { tokenUrl }),
    ...(userInfoUrl !== undefined && text("disableUserInfo") !== "true" && { userInfoUrl }),
  };
}
