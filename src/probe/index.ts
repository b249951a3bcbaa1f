export { endOf, nameOf, readCertificate, renewalDays } from "./certificates.ts";
export { checkIdentityProvider, hasFailed, type Report, type Subject } from "./check.ts";
export { isUnreachable, remedyOf } from "./endpoints.ts";
export {
  fetchMetadata,
  listOf,
  type MetadataRefusal,
  metadataUrl,
  type OpenIdMetadata,
  readObject,
  textOf,
} from "./openid-metadata.ts";
export { samlTypes } from "./saml-check.ts";
export { readSamlMetadata, type SamlMetadata, type SamlService } from "./saml-metadata.ts";
