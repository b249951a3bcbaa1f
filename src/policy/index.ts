export { type ApacheFacts, apacheSnippet } from "./apache.ts";
export { authenticationConfiguration, type IssuerFacts } from "./authentication-configuration.ts";
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
export { type LoadOptions, loadPolicy } from "./load.ts";
export { mintName } from "./mint.ts";
export type {
  Atom,
  CloudTarget,
  ClusterTarget,
  Decision,
  DeviceLogin,
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
