export { type AddressRanges, addressRanges, isPublic } from "./addresses.ts";
export { endOf, nameOf, readCertificate, renewalDays } from "./certificates.ts";
export { checkProvider, hasFailed, type Report, type Subject } from "./check.ts";
export { isUnreachable, remedyOf } from "./endpoints.ts";
export {
  type Fetched,
  type FetchRefusal,
  type FetchRules,
  type FetchWish,
  type Gate,
  type GatedUrl,
  type GuardedFetch,
  makeGate,
  makeGuardedFetch,
  rulesFor,
} from "./guarded-fetch.ts";
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
