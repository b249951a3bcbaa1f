/**
 * What a Keycloak 26.7 knows by itself, from its own server information: names that Keycloak would take without a word
 * (or drop without one) when they are misspelt. What further jars bring is named by a file under `extensions`.
 */

/** Clients that Keycloak makes in every realm; a client of ours under such a name would take one over. */
export const reservedClients: readonly string[] = [
  "account",
  "account-console",
  "admin-cli",
  "broker",
  "realm-management",
  "security-admin-console",
];

/**
 * The client that holds the permissions of administrators; it comes when they are switched on, and Keycloak lets nobody
 * change it. Asking for its account would make one, and give it a scope.
 */
export const permissionsClient = "admin-permissions";

/** Of these Keycloak lets nobody change a thing, by no right. */
export const unchangeableClients: ReadonlySet<string> = new Set(["realm-management"]);

/** Members of a mail server by which Keycloak logs in; it forgets them at the next change where the server asks for no login. */
export const mailLogin: readonly string[] = ["user", "password"];

const words = (...lines: readonly string[]): readonly string[] => lines.flatMap((line) => line.split(" "));

/** Client scopes of a new realm. */
export const builtInScopes = words(
  "acr address basic email microprofile-jwt offline_access organization phone profile role_list roles",
  "saml_organization service_account web-origins",
);

/** Attributes of a person that every user profile has. */
export const builtInAttributes = words("username email firstName lastName");

/** Flows of a new realm, by alias. */
export const builtInFlows: readonly string[] = [
  "browser",
  "direct grant",
  "registration",
  "reset credentials",
  "clients",
  "first broker login",
  "docker auth",
];

/** Types of protocol mappers, by protocol. */
export const protocolMappers = {
  "openid-connect": words(
    "oidc-acr-mapper oidc-address-mapper oidc-allowed-origins-mapper oidc-amr-mapper oidc-audience-mapper",
    "oidc-audience-resolve-mapper oidc-claims-param-token-mapper oidc-claims-param-value-idtoken-mapper",
    "oidc-full-name-mapper oidc-group-membership-mapper oidc-hardcoded-claim-mapper oidc-hardcoded-role-mapper",
    "oidc-nonce-backwards-compatible-mapper oidc-organization-group-membership-mapper",
    "oidc-organization-membership-mapper oidc-role-name-mapper oidc-session-state-mapper",
    "oidc-sha256-pairwise-sub-mapper oidc-sub-mapper oidc-usermodel-attribute-mapper",
    "oidc-usermodel-client-role-mapper oidc-usermodel-property-mapper oidc-usermodel-realm-role-mapper",
    "oidc-usersessionmodel-note-mapper",
  ),
  saml: words(
    "saml-audience-mapper saml-audience-resolve-mapper saml-authn-context-class-ref-mapper",
    "saml-group-membership-mapper saml-hardcode-attribute-mapper saml-hardcode-role-mapper",
    "saml-organization-group-membership-mapper saml-organization-membership-mapper saml-role-list-mapper",
    "saml-role-name-mapper saml-user-attribute-mapper saml-user-attribute-nameid-mapper saml-user-property-mapper",
    "saml-user-session-note-mapper",
  ),
} as const;

/** Types of identity provider mappers. Keycloak answers 201 to any other and then never runs it. */
export const identityProviderMappers = words(
  "facebook-user-attribute-mapper github-user-attribute-mapper google-user-attribute-mapper",
  "hardcoded-attribute-idp-mapper hardcoded-user-session-attribute-idp-mapper instagram-user-attribute-mapper",
  "keycloak-oidc-role-to-role-idp-mapper linkedin-user-attribute-mapper microsoft-user-attribute-mapper",
  "oidc-advanced-group-idp-mapper oidc-advanced-role-idp-mapper oidc-hardcoded-group-idp-mapper",
  "oidc-hardcoded-role-idp-mapper oidc-role-idp-mapper oidc-user-attribute-idp-mapper",
  "oidc-user-session-note-idp-mapper oidc-username-idp-mapper openshift-v4-user-attribute-mapper",
  "paypal-user-attribute-mapper saml-advanced-group-idp-mapper saml-advanced-role-idp-mapper saml-role-idp-mapper",
  "saml-user-attribute-idp-mapper saml-username-idp-mapper saml-xpath-attribute-idp-mapper",
  "stackoverflow-user-attribute-mapper",
);

/** Providers of components. */
const componentProviders = new Set(
  words(
    "aes-generated ecdh-generated ecdsa-generated eddsa-generated hmac-generated java-keystore rsa rsa-enc",
    "rsa-enc-generated rsa-generated kerberos ldap allowed-client-templates allowed-protocol-mappers client-disabled",
    "consent-required max-clients registration-web-origins scope trusted-hosts certificate-ldap-mapper",
    "full-name-ldap-mapper group-ldap-mapper hardcoded-attribute-mapper hardcoded-ldap-attribute-mapper",
    "hardcoded-ldap-group-mapper hardcoded-ldap-role-mapper kerberos-principal-attribute-mapper",
    "msad-lds-user-account-control-mapper msad-user-account-control-mapper role-ldap-mapper user-attribute-ldap-mapper",
  ),
);

/** True for a provider of components that comes with Keycloak. */
export const isKnownProvider = (provider: string): boolean => componentProviders.has(provider);

/** Authenticators, form actions and client authenticators: what a step of a flow may do. */
export const authenticators = words(
  "allow-access-authenticator auth-conditional-otp-form auth-cookie auth-otp-form auth-password-form",
  "auth-recovery-authn-code-form auth-spnego auth-username-form auth-username-password-form",
  "auth-x509-client-username-form conditional-client-scope conditional-credential",
  "conditional-level-of-authentication conditional-sub-flow-executed conditional-user-attribute",
  "conditional-user-configured conditional-user-role deny-access-authenticator direct-grant-auth-x509-username",
  "direct-grant-validate-otp direct-grant-validate-password direct-grant-validate-username",
  "docker-http-basic-authenticator http-basic-authenticator identity-provider-redirector",
  "idp-add-organization-member idp-auto-link idp-confirm-link idp-confirm-override-link idp-create-user-if-unique",
  "idp-detect-existing-broker-user idp-email-verification idp-review-profile idp-username-password-form organization",
  "reset-credential-email reset-credentials-choose-user reset-otp reset-password user-session-limits",
  "webauthn-authenticator webauthn-authenticator-passwordless registration-password-action",
  "registration-recaptcha-action registration-recaptcha-enterprise registration-terms-and-conditions",
  "registration-user-creation registration-page-form client-jwt client-secret client-secret-jwt client-x509",
  "federated-jwt",
);

/** Executors of client profiles. */
export const clientPolicyExecutors = words(
  "auth-flow-enforcer confidential-client consent-required downscope-assertion-grant-enforcer dpop-bind-enforcer",
  "full-scope-disabled holder-of-key-enforcer intent-client-bind-checker jwt-claim-enforcer pkce-enforcer",
  "registration-access-token-rotation-disabled reject-implicit-grant reject-request reject-ropc-grant",
  "saml-avoid-redirect saml-secure-client-uris saml-signature-enforcer secure-ciba-req-sig-algorithm",
  "secure-ciba-session secure-ciba-signed-authn-req secure-client-authentication-assertion",
  "secure-client-authenticator secure-client-uris secure-client-uris-pattern secure-logout secure-par-content",
  "secure-redirect-uris-enforcer secure-request-object secure-response-type secure-session",
  "secure-signature-algorithm secure-signature-algorithm-signed-jwt suppress-refresh-token-rotation",
  "tls-client-auth-ca-subject-dn use-lightweight-access-token",
);

/** Conditions of client policies. */
export const clientPolicyConditions = words(
  "acr-condition any-client client-access-type client-attributes client-roles client-scopes client-type",
  "client-updater-context client-updater-source-groups client-updater-source-host client-updater-source-roles",
  "grant-type identity-provider-alias",
);

/** Client profiles that every realm has. */
export const clientProfiles = words(
  "fapi-1-baseline fapi-1-advanced fapi-ciba fapi-2-security-profile fapi-2-message-signing",
  "fapi-2-dpop-security-profile fapi-2-dpop-message-signing oauth-2-1-for-confidential-client",
  "oauth-2-1-for-public-client saml-security-profile",
);

/** Things a person may be asked to do after the login. */
export const requiredActions = words(
  "CONFIGURE_RECOVERY_AUTHN_CODES CONFIGURE_TOTP TERMS_AND_CONDITIONS UPDATE_EMAIL UPDATE_PASSWORD UPDATE_PROFILE",
  "VERIFY_EMAIL VERIFY_PROFILE delete_account delete_credential idp_link update_user_locale webauthn-register",
  "webauthn-register-passwordless",
);
