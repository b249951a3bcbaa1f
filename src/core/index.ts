export { asciiLower, composed, loosely } from "./ascii.ts";
export { atMost } from "./at-most.ts";
export { claimAt, claimPath, namesPlace, outerClaim, type SaidClaims, writtenClaim } from "./claim-path.ts";
export { atEndOfTurn, type Clock, dateOf, every, isoTime, manualClock, parseTime, systemClock } from "./clock.ts";
export { formatCsv } from "./csv.ts";
export {
  type Entitlement,
  formatEntitlement,
  formatScope,
  isConsoleScope,
  type KubernetesScope,
  type OpenStackScope,
  type Scope,
  type Source,
} from "./entitlement.ts";
export { escapeHtml } from "./escape-html.ts";
export { Bug, Fault } from "./fault.ts";
export { type Finding, type Findings, type Level, makeFindings } from "./finding.ts";
export { deepFreeze } from "./freeze.ts";
export {
  type CommitId,
  consoleTarget,
  type IdentityProviderAlias,
  type Instant,
  instant,
  type LoginId,
  type MintedName,
  type Seconds,
  type SubjectId,
  seconds,
  type TargetName,
  type TenantName,
} from "./ids.ts";
export { chooseLanguage, type Language, languages } from "./language.ts";
export { formatLength, parseLength } from "./length-of-time.ts";
export { authorizationRequestLife, clockSkew, freshSignIn, longestAccessToken } from "./lifetimes.ts";
export { type LoginRefused, loginRefused } from "./login-refused.ts";
export { isLoopback } from "./loopback.ts";
export { ownerOf } from "./owner.ts";
export { type PersonRow, parsePeople } from "./parse-people.ts";
export {
  type Claims,
  memberUsername,
  type Person,
  provedSince,
  provesEnough,
  subjectId,
  usernameThere,
} from "./person.ts";
export { holdsPrivateKey } from "./private-key.ts";
export { isToken, type Random, systemRandom, token } from "./random.ts";
export { refreshTimes } from "./refresh-times.ts";
export {
  type ApiProblem,
  type BearerError,
  bearerCodes,
  type InputError,
  type OAuthError,
  oauthCodes,
  type PageError,
  type ProofError,
  pageCodes,
  problemCodes,
  type Refusal,
  type RefusalCode,
  type RequestCode,
  type RequestError,
  refusal,
  refusalCodes,
  requestCodes,
  type Said,
  type ScimError,
  scimCodes,
  type TokenError,
} from "./refusal.ts";
export { err, ok, type Result } from "./result.ts";
export { makeSeal, type Seal, sameText } from "./seal.ts";
export { Secret } from "./secret.ts";
export { tls12Suites, tlsSuites } from "./tls.ts";
export {
  keystoneIdentityProvider,
  targetOfUrn,
  targetUrn,
  tenantOfUrn,
  tenantUrn,
  tenantUrnPrefix,
} from "./urns.ts";
export { visible } from "./visible.ts";
export { isZone, parseZonedTime, type ZonedTime } from "./zone.ts";
