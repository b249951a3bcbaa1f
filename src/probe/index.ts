export { nameOf, readCertificate, renewalDays } from "./certificates.ts";
export { checkIdentityProvider, hasFailed, type Report, type Subject } from "./check.ts";
export { isUnreachable, remedyOf } from "./endpoints.ts";
export { fetchMetadata, listOf, metadataUrl, readObject, textOf } from "./openid-metadata.ts";
export { samlTypes } from "./saml-check.ts";
export { readSamlMetadata, type SamlMetadata } from "./saml-metadata.ts";
export { checkConnection } from "./tls-check.ts";
