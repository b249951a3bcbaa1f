import type { showAudit as ShowAudit } from "./audit/show.ts";
import type { verifyAudit as VerifyAudit } from "./audit/verify.ts";
import type { examineBroker as ExamineBroker } from "./broker-doctor/examine.ts";
import type { WithBrokerState } from "./broker-state.ts";
import type { testLogin as TestLogin } from "./identity-providers/test-login.ts";
import type * as Keys from "./keys/signing-keys.ts";
import type { findPeople as FindPeople } from "./people/find.ts";
import type { listPeopleByName as ListPeopleByName } from "./people/list.ts";
import type { lookAtPerson as LookAtPerson, revokePerson as RevokePerson } from "./people/revoke.ts";
import type { listKnownPeople as ListKnownPeople } from "./people/show.ts";
import type { openRunningState as OpenRunningState } from "./running-state.ts";
import type { trialSigner as TrialSigner } from "./targets/trial-tokens.ts";

export { commitIdOf } from "../repository/index.ts";
export { type AccessAsked, askForAccess } from "./access/ask.ts";
export { type Askable, whatMayBeAsked } from "./access/askable.ts";
export { clearEndedGrants } from "./access/clear-ended.ts";
export { type ApprovalPreview, approveRequest, denyRequest, previewApproval } from "./access/decide.ts";
export { listRequests, showRequest, type TenantRequest } from "./access/list.ts";
export { notifyOfRequests } from "./access/notify.ts";
export { listOwnRequests, showOwnRequest, withdrawRequest } from "./access/own.ts";
export { isSeenOtherwise } from "./access/seen.ts";
export type { ShownRequest } from "./access/show.ts";
export type { Actor } from "./actor.ts";
export type { ShownEntry } from "./audit/show.ts";
export type { AuditVerdict } from "./audit/verify.ts";
export type { BrokerState, WithBrokerState } from "./broker-state.ts";
export { type BrokerFiles, loadBroker } from "./configuration/load-broker.ts";
export { realmNames } from "./configuration/realm-names.ts";
export { describeServing, type Serving } from "./configuration/serving.ts";
export {
  type Caller,
  type ReachableTenant,
  reachableTenants,
  reachTenant,
  reachToDecide,
  reachToManage,
} from "./console/caller.ts";
export { type ChangePreview, type ChangeSaved, previewChange, saveChange } from "./console/change.ts";
export type { ConsoleDeps } from "./console/deps.ts";
export type { AnyPerson, ListedPerson } from "./console/everybody.ts";
export { changesToGive, changesToTakeBack, type GivenTo, type GrantAsked } from "./console/give.ts";
export type { GrantSince } from "./console/grant-since.ts";
export { type GrantHolder, listGrants, type ShownGrant, showGrant, writtenGrant } from "./console/grants.ts";
export { countNotPushed, listChanges, type PastChange, undoChange } from "./console/history.ts";
export {
  type InvitationAsked,
  type Invited,
  inviteAgain,
  inviteMember,
  type MadeMember,
  makeMember,
} from "./console/invite.ts";
export { type InvitedRow, inviteMany } from "./console/invite-many.ts";
export { endPerson, type PersonEnded } from "./console/leave.ts";
export { type LeftOut, listLeftOut } from "./console/left-out.ts";
export { disableMember, enableMember, removeMember, resetSecondFactor } from "./console/member-change.ts";
export { putIntoGroup, takeOutOfGroup } from "./console/member-groups.ts";
export { type ListedMember, listMembers, type MembersKnown, type MembersPage, showMember } from "./console/members.ts";
export { type Offer, whatMayBeGiven } from "./console/offer.ts";
export { type MembersAccess, openMembers } from "./console/open-members.ts";
export { type ChangeOutcome, outcomeOf, type TargetOutcome } from "./console/outcome.ts";
export { type PageOf, pageOf } from "./console/page-of.ts";
export {
  type HeldRight,
  listPeople,
  type PeoplePage,
  type ShownPerson,
  showTenantPerson,
} from "./console/people.ts";
export { type ListedPlace, listPlaces, listRightsAt, type Place, type RightAt } from "./console/places.ts";
export { changeProject, type ProjectChange } from "./console/projects/change.ts";
export { createTenantClouds, type TenantClouds } from "./console/projects/clouds.ts";
export { createTenantClusters, type TargetWays } from "./console/projects/clusters.ts";
export {
  type CloudState,
  type ListedCloud,
  type ListedProject,
  listProjects,
  type TenantProjects,
} from "./console/projects/list.ts";
export { type MadeAt, makeProject, type ProjectMade } from "./console/projects/make.ts";
export { type ListedCluster, listNamespaces } from "./console/projects/namespaces.ts";
export { type ProjectAt, type ShownProject, showProject } from "./console/projects/show.ts";
export { listProposals, type OpenProposal } from "./console/proposals.ts";
export { changesToWrite, listRules, type RuleSection, type WrittenRule } from "./console/rules.ts";
export type { SentenceFacts, SentenceName } from "./console/sentences.ts";
export { createTenantViews } from "./console/tenant-view.ts";
export type { NamedEnvironment } from "./environment.ts";
export {
  checkAddress,
  checkName,
  type Federation,
  readCustomer,
  readTarget,
} from "./first-files/federation.ts";
export type { FirstFiles } from "./first-files/files.ts";
export { type NextStep, nextSteps } from "./first-files/next-steps.ts";
export { lookAtFirstFiles, writeFirstFiles } from "./first-files/write.ts";
export type { Holdings } from "./holdings.ts";
export {
  addIdentityProvider,
  type IdentityProviderChange,
  type IdentityProviderMeant,
  removeIdentityProvider,
  rotateClientSecret,
  stageIdentityProvider,
  tryNewSecret,
} from "./identity-providers/change.ts";
export { checkIdentityProvider } from "./identity-providers/check.ts";
export { type FileChange, writeChange } from "./identity-providers/files.ts";
export { type IdentityProviderRow, listWithExpiries } from "./identity-providers/list.ts";
export { type IdentityProviderReach, lookAtIdentityProvider } from "./identity-providers/look.ts";
export {
  type MissingFact,
  missingFact,
  type NewIdentityProvider,
  newEntry,
  subjectOfEntry,
} from "./identity-providers/new-entry.ts";
export type { SecretReference } from "./identity-providers/our-client.ts";
export { type RealmPlace, realmAddress } from "./identity-providers/realm-address.ts";
export type { Decision, EvaluatedClaims } from "./identity-providers/seen-claims.ts";
export type { Redirect, TestedLogin } from "./identity-providers/test-login.ts";
export { TestLoginTrouble } from "./identity-providers/test-login-trouble.ts";
export type { TriedRecheck } from "./identity-providers/tried-recheck.ts";
export { placeOfSigningKeys } from "./keys/place.ts";
export type { SigningKey, SigningKeysReplaced, SigningKeysRotated } from "./keys/signing-keys.ts";
export type { NamedPerson } from "./people/find.ts";
export type { PersonReach, PersonRevoked } from "./people/revoke.ts";
export type { PersonShown } from "./people/show.ts";
export { applyPlans, obstacleTo, type PlansApplied } from "./plans/apply.ts";
export { hasWaiting, hasWork, type MadePlan } from "./plans/plan-source.ts";
export { withSavedPlans } from "./plans/saved.ts";
export { checkPolicyFiles } from "./policies/check.ts";
export { explainChange, explainHolders, explainRights, type ImaginedLogin } from "./policies/explain.ts";
export { followPolicyFiles, type PolicyFiles } from "./policies/files-in-use.ts";
export { loadPolicyFiles } from "./policies/load.ts";
export { planTargets, type ReachableTarget, reachTargets } from "./policies/plan.ts";
export { openIfThere, openOrMake, readPolicyPaths } from "./policies/texts.ts";
export type { Listener, Progress } from "./progress.ts";
export type { PushDeps, Pusher } from "./provisioning/deps.ts";
export type { PushError } from "./provisioning/push-error.ts";
export { pushGroup, pushNewGroup, pushNoGroup } from "./provisioning/push-group.ts";
export { pushNewUser, pushNoUser, pushUser } from "./provisioning/push-user.ts";
export {
  type MadeScimToken,
  makeScimToken,
  revokeScimToken,
  type ScimTokenDeps,
  type ShownDirectory,
  scimTokenDays,
  showDirectory,
} from "./provisioning/tokens.ts";
export {
  deleteWholeRealm,
  lookAtWholeRealm,
  type WholeRealm,
  type WholeRealmLook,
  wholeRealms,
} from "./realms/delete-whole.ts";
export {
  checkRealmDrift,
  type ImportedFile,
  importRealmFiles,
  type RealmsThere,
  validateRealmFiles,
} from "./realms/look.ts";
export { planRealmRemovals, planRealms, type RealmDeps } from "./realms/plan.ts";
export type { RealmsWanted } from "./realms/reach.ts";
export { OperationRefused, orRefuse } from "./refused.ts";
export { type ReviewAsked, startReview } from "./reviews/begin.ts";
export { closeReview, summaryOf } from "./reviews/close.ts";
export {
  confirmUnchanged,
  type Decided,
  type Decisions,
  decideGrants,
  previewDecisions,
  type Undecided,
  type Verdict,
} from "./reviews/decide.ts";
export { keepReviewsMoving } from "./reviews/keep-moving.ts";
export { listReviews, showReview } from "./reviews/look.ts";
export type { OpenReview, ReviewItem } from "./reviews/record.ts";
export { type ReviewedGrant, type ReviewResult, resultSchema } from "./reviews/result.ts";
export { isLeft, leftOf, type ReviewRow, type ReviewSeen, type StandsOut } from "./reviews/row.ts";
export type { RunningState } from "./running-state.ts";
export { type Examination, examineTarget } from "./targets/examine.ts";
export { renderTargetFiles } from "./targets/render.ts";
export { checkScsOf, removeScsLeftoversOf } from "./targets/scs-check.ts";
export {
  type FailedBy,
  keepTargetState,
  type LookEnded,
  type TargetState,
  targetState,
  type WaitsFor,
} from "./targets/state.ts";
export { lookAtTenant, offboardTenant } from "./tenants/offboard.ts";

// Most operations need no running state: the rooms that keep it are loaded by those that do.

const keys = () => import("./keys/signing-keys.ts");

/** Opens store, keys and audit of a broker that runs; see `running-state.ts`. */
export const openRunningState: typeof OpenRunningState = async (...args) =>
  (await import("./running-state.ts")).openRunningState(...args);
/** Opens a broker's own state for an operator; see `broker-state.ts`. */
export const withBrokerState: WithBrokerState = async (...args) =>
  (await import("./broker-state.ts")).withBrokerState(...args);
/** See `audit/verify.ts`. Writes nothing. */
export const verifyAudit: typeof VerifyAudit = async (...args) =>
  (await import("./audit/verify.ts")).verifyAudit(...args);
/** See `keys/signing-keys.ts`, as of all of the signing keys. */
export const listSigningKeys: typeof Keys.listSigningKeys = async (...args) => (await keys()).listSigningKeys(...args);
export const createSigningKeys: typeof Keys.createSigningKeys = async (...args) =>
  (await keys()).createSigningKeys(...args);
export const createSigningKeyFile: typeof Keys.createSigningKeyFile = async (...args) =>
  (await keys()).createSigningKeyFile(...args);
export const rotateSigningKeys: typeof Keys.rotateSigningKeys = async (...args) =>
  (await keys()).rotateSigningKeys(...args);
export const retireSigningKey: typeof Keys.retireSigningKey = async (...args) =>
  (await keys()).retireSigningKey(...args);
export const replaceSigningKeys: typeof Keys.replaceSigningKeys = async (...args) =>
  (await keys()).replaceSigningKeys(...args);
export const restoreSigningKeys: typeof Keys.restoreSigningKeys = async (...args) =>
  (await keys()).restoreSigningKeys(...args);
export const saveSigningKeys: typeof Keys.saveSigningKeys = async (...args) => (await keys()).saveSigningKeys(...args);
/** See `audit/show.ts`. Writes nothing. */
export const showAudit: typeof ShowAudit = async (...args) => (await import("./audit/show.ts")).showAudit(...args);
/** See `people/list.ts`. */
export const listPeopleByName: typeof ListPeopleByName = async (...args) =>
  (await import("./people/list.ts")).listPeopleByName(...args);
/** See `broker-doctor/examine.ts`. Writes nothing. */
export const examineBroker: typeof ExamineBroker = async (...args) =>
  (await import("./broker-doctor/examine.ts")).examineBroker(...args);
/** See `people/find.ts`. Writes nothing. */
export const findPeople: typeof FindPeople = async (...args) => (await import("./people/find.ts")).findPeople(...args);
/** See `people/show.ts`. */
export const listKnownPeople: typeof ListKnownPeople = async (...args) =>
  (await import("./people/show.ts")).listKnownPeople(...args);
/** See `people/revoke.ts`. Writes nothing. */
export const lookAtPerson: typeof LookAtPerson = async (...args) =>
  (await import("./people/revoke.ts")).lookAtPerson(...args);
/** See `people/revoke.ts`. Nothing brings back what it ends. */
export const revokePerson: typeof RevokePerson = async (...args) =>
  (await import("./people/revoke.ts")).revokePerson(...args);
/** See `targets/trial-tokens.ts`. */
export const trialSigner: typeof TrialSigner = async (...args) =>
  (await import("./targets/trial-tokens.ts")).trialSigner(...args);
/** See `identity-providers/test-login.ts`. Grants and keeps nothing. */
export const testLogin: typeof TestLogin = async (...args) =>
  (await import("./identity-providers/test-login.ts")).testLogin(...args);
