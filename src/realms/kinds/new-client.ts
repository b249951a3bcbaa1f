import type { Plain, PlainMap } from "../../reconcile/index.ts";

/** Attributes of a client that Keycloak alone writes: what it derives, times of the secret, and the secret before. */
const written = new Set([
  ...["realm_client", "client.secret.creation.time", "client.secret.expiration.time", "client.secret.rotated"],
  ...["client.secret.rotated.creation.time", "client.secret.rotated.expiration.time"],
]);

/** Those that it makes where nobody says them: keys, and what it derives from the client's name. */
const made = new Set([
  ...["saml.artifact.binding.identifier", "saml.signing.certificate", "saml.signing.private.key"],
  ...["saml.encryption.certificate", "saml.encryption.private.key"],
  ...["jwt.credential.certificate", "jwt.credential.public.key", "jwt.credential.kid"],
]);

/** True for an attribute that no file says. */
export const isWrittenByKeycloak = (attribute: string): boolean => written.has(attribute);

/** True for an attribute that stays as it is where no file says it. */
export const isKeycloaksOwn = (attribute: string): boolean => written.has(attribute) || made.has(attribute);

/**
 * A client as Keycloak makes it when its protocol is said, or not even that, but for what it opens by itself: from a root
 * address it derives redirects, origins and an address for itself; a client that names none has none.
 */
export const newClient = (protocol: Plain | undefined): PlainMap => ({
  ...{ name: null, description: null, rootUrl: null, baseUrl: null, adminUrl: null, type: null },
  ...{ redirectUris: [], webOrigins: [] },
  ...{ enabled: true, surrogateAuthRequired: false, alwaysDisplayInConsole: false, bearerOnly: false },
  ...{ clientAuthenticatorType: "client-secret", consentRequired: false, fullScopeAllowed: true },
  ...{ standardFlowEnabled: true, implicitFlowEnabled: false, serviceAccountsEnabled: false },
  ...{ nodeReRegistrationTimeout: -1 },
  ...(protocol === "saml" ? saml : protocol === undefined ? unspoken : openId),
});

const openId: PlainMap = {
  ...{ publicClient: true, directAccessGrantsEnabled: true, frontchannelLogout: false },
  attributes: { "backchannel.logout.session.required": "true", "backchannel.logout.revoke.offline.tokens": "false" },
};

const unspoken: PlainMap = {
  ...openId,
  ...{ protocol: "openid-connect", publicClient: false, directAccessGrantsEnabled: false },
};

const saml: PlainMap = {
  ...{ publicClient: false, directAccessGrantsEnabled: false, frontchannelLogout: true },
  attributes: {
    ...{ "saml.force.post.binding": "true", "saml.server.signature": "true", "saml.client.signature": "true" },
    ...{ "saml.signature.algorithm": "RSA_SHA256", "saml.authnstatement": "true", "saml.allow.ecp.flow": "false" },
    ...{ saml_force_name_id_format: "false", saml_name_id_format: "username" },
    saml_signature_canonicalization_method: "http://www.w3.org/2001/10/xml-exc-c14n#",
  },
};
