import type { PlainMap } from "../../reconcile/index.ts";
import type { IdentityProviderEndpoints } from "../discovery.ts";
import type { IdentityProviderOf } from "../format/model.ts";
import { defined } from "./fields.ts";

/** An identity provider whose endpoints are known or found. */
type OpenIdIdentityProvider = IdentityProviderOf<"keycloak" | "oidc" | "adfs" | "entra">;

const entraHost = "https://login.microsoftonline.com";

type Named =
  | { readonly template: "keycloak" | "oidc" | "adfs"; readonly issuer: string }
  | { readonly template: "entra"; readonly tenant: string }
  | { readonly template: "google" }
  | { readonly template: "saml"; readonly entityId: string }
  | { readonly template: "custom"; readonly issuer?: string | undefined };

/** What an identity provider calls itself: the `iss` of its tokens, or its SAML entity id; empty when that is not known. */
export function issuerOf(u: Named): string {
  switch (u.template) {
    case "entra":
      return `${entraHost}/${u.tenant}/v2.0`;
    case "google":
      return "https://accounts.google.com";
    case "saml":
      return u.entityId;
    default:
      return u.issuer ?? "";
  }
}

/** Endpoints of one tenant of Microsoft Entra ID, as its metadata gives them; nothing is asked. */
export const entraEndpoints = (tenant: string): IdentityProviderEndpoints => ({
  authorization: `${entraHost}/${tenant}/oauth2/v2.0/authorize`,
  token: `${entraHost}/${tenant}/oauth2/v2.0/token`,
  userinfo: "https://graph.microsoft.com/oidc/userinfo",
  jwks: `${entraHost}/${tenant}/discovery/v2.0/keys`,
  endSession: `${entraHost}/${tenant}/oauth2/v2.0/logout`,
  offlineAccess: true,
  clientAuth: "client_secret_post",
});

const common: PlainMap = {
  pkceEnabled: "true",
  pkceMethod: "S256",
  // The IdP may end sessions in the realm (back-channel logout), which shortens the wait for a refresh.
  backchannelSupported: "true",
  syncMode: "FORCE",
};

/** Configuration of an OpenID Provider. */
export const openIdConfig = (u: OpenIdIdentityProvider, e: IdentityProviderEndpoints): PlainMap => ({
  issuer: issuerOf(u),
  authorizationUrl: e.authorization,
  tokenUrl: e.token,
  userInfoUrl: e.userinfo ?? null,
  disableUserInfo: e.userinfo === undefined ? "true" : null,
  jwksUrl: e.jwks,
  logoutUrl: e.endSession ?? null,
  useJwksUrl: "true",
  validateSignature: "true",
  clientId: u.client.id,
  clientAuthMethod: e.clientAuth,
  defaultScope: (u.scopes ?? usualScopes(u, e.offlineAccess)).join(" "),
  ...common,
});

const usualScopes = (u: OpenIdIdentityProvider, offline: boolean): readonly string[] => [
  "openid",
  "profile",
  "email",
  // AD FS puts claims of the access token into the ID token only for those who ask for this.
  ...(u.template === "adfs" ? ["allatclaims"] : []),
  // A stored token that can be renewed for as long as the broker keeps the login, not only while a browser session lasts.
  ...(u.recheck !== "none" && offline ? ["offline_access"] : []),
];

/** Configuration of Google: Keycloak's own provider compares the `hd` claim with the customer's domain. */
export const googleConfig = (u: IdentityProviderOf<"google">): PlainMap => ({
  clientId: u.client.id,
  hostedDomain: u.hostedDomain,
  defaultScope: (u.scopes ?? ["openid", "profile", "email"]).join(" "),
  // Google gives a refresh token not for a scope but for this.
  offlineAccess: String(u.recheck !== "none"),
  syncMode: "FORCE",
});

const nameIds = {
  persistent: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
  unspecified: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
  email: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
} as const;

/** Configuration of a SAML identity provider: assertions are always signed, and their signatures always checked. */
export const samlConfig = (u: IdentityProviderOf<"saml">): PlainMap => ({
  idpEntityId: u.entityId,
  ...defined({ entityId: u.ownEntityId }),
  singleSignOnServiceUrl: u.singleSignOn,
  singleLogoutServiceUrl: u.singleLogout ?? null,
  signingCertificate: u.certificates.join(","),
  validateSignature: "true",
  wantAssertionsSigned: "true",
  wantAssertionsEncrypted: String(u.encryptedAssertions),
  wantAuthnRequestsSigned: String(u.signRequests),
  signatureAlgorithm: "RSA_SHA256",
  postBindingAuthnRequest: String(u.binding === "post"),
  postBindingResponse: "true",
  postBindingLogout: String(u.binding === "post"),
  nameIDPolicyFormat: nameIds[u.nameId],
  principalType: "SUBJECT",
  allowCreate: "true",
  syncMode: "FORCE",
});
