export { type ApacheFacts, apacheSnippet } from "./apache.ts";
export { authenticationConfiguration, type IssuerFacts } from "./authentication-configuration.ts";
export { cloudMemory } from "./cloud-memory.ts";
export { type Binding, compileKubernetes, type KubernetesDesired, ownLabel } from "./compile-kubernetes.ts";
export {
  compileOpenStack,
  type GroupAssignment,
  type KeystoneMapping,
  keystoneIdentityProvider,
  type MappingRule,
  type OpenStackDesired,
  type TenantOnCloud,
  tenantUrn,
} from "./compile-openstack.ts";
export { groupsFor } from "./decide.ts";
export { type Explanation, explain, sayExplanation } from "./explain.ts";
export { type PolicyInUse, policyInUse } from "./in-use.ts";
export { policyJsonSchema } from "./json-schema.ts";
export { claimsThatCount } from "./kept-claims.ts";
export {
  type Asked,
  differences,
  factsAt,
  type Holding,
  holdersOf,
  type KnownPerson,
  type RightChange,
  type WrongCount,
  whoHolds,
  wrongCounts,
} from "./known.ts";
export { isReservedNamespace } from "./link-namespaces.ts";
export { type LoadOptions, loadPolicy } from "./load.ts";
export { sayPeople } from "./match.ts";
export { mintName } from "./mint.ts";
export type {
  Atom,
  CloudTarget,
  ClusterTarget,
  Decision,
  DeviceLogin,
  Flow,
  Grant,
  GrantTrace,
  LoginFacts,
  People,
  PermissionSet,
  Policy,
  SetItem,
  Target,
  Tenant,
  TenantRules,
} from "./model.ts";
export { policyFilesReference } from "./reference.ts";
