export {
  type Applied,
  endHoldings,
  formatApplied,
  formatDeletes,
  formatPlan,
  formatPlansShortly,
  type Holding,
  type Plan,
  type Proof,
  type Step,
  savePlans,
} from "../reconcile/index.ts";
export type { DoctorReport } from "./doctor-report.ts";
export { authenticationConfiguration } from "./kubernetes/authentication-configuration.ts";
export { compileKubernetes, type KubernetesDesired } from "./kubernetes/compile.ts";
export type { KubernetesConnection } from "./kubernetes/connection.ts";
export { examineCluster } from "./kubernetes/doctor.ts";
export { clusterHoldingsOfTenant } from "./kubernetes/holdings.ts";
export { kubernetesConnectionFromKubeconfig } from "./kubernetes/kubeconfig.ts";
export { namespacesOfTenant, type TenantNamespace } from "./kubernetes/tenant-namespaces.ts";
export { apacheSnippet } from "./openstack/apache.ts";
export { compileOpenStack } from "./openstack/compile.ts";
export type { KeystoneConnection } from "./openstack/connection.ts";
export { examineCloud } from "./openstack/doctor.ts";
export { cloudHoldingsOfPerson, cloudHoldingsOfTenant } from "./openstack/holdings.ts";
export {
  type CloudLimit,
  type CloudProject,
  type CloudRefusal,
  enterDomain,
  type OwnDomain,
} from "./openstack/own-domain.ts";
export { pushLogin } from "./openstack/pushed-login.ts";
export { formatScsCheck, formatScsReport, type ScsReport } from "./openstack/scs/report.ts";
export { checkScs, removeScsLeftovers } from "./openstack/scs/run.ts";
export { keystoneUserId } from "./openstack/user-id.ts";
export { applyTarget, planTarget, type TargetConnection, type TargetPlan } from "./plan-target.ts";
export { type RenderedFile, type RenderFacts, renderTarget } from "./render.ts";
export type { SignTrial } from "./trial-tokens.ts";
export { type Wanted, wantedOn } from "./wanted.ts";
export { formatWorstCase, worstCase } from "./worst-case.ts";
