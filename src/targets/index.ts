export {
  type Applied,
  endHoldings,
  formatApplied,
  formatDeletes,
  formatPlan,
  type Holding,
  type LeaseOptions,
  type Plan,
  type Proof,
  readPlans,
  type Step,
  savePlans,
} from "../reconcile/index.ts";
export type { AskDeps } from "./ask.ts";
export type { DoctorReport } from "./doctor-report.ts";
export { authenticationConfiguration, type IssuerFacts } from "./kubernetes/authentication-configuration.ts";
export { type Binding, compileKubernetes, type KubernetesDesired, ownLabel } from "./kubernetes/compile.ts";
export type { KubernetesConnection } from "./kubernetes/connection.ts";
export { type ClusterDoctorOptions, examineCluster } from "./kubernetes/doctor.ts";
export { clusterHoldingsOfTenant } from "./kubernetes/holdings.ts";
export { type KubeconfigOptions, kubernetesConnectionFromKubeconfig } from "./kubernetes/kubeconfig.ts";
export { type ApacheFacts, apacheSnippet } from "./openstack/apache.ts";
export { compileOpenStack, type OpenStackDesired } from "./openstack/compile.ts";
export type { KeystoneConnection } from "./openstack/connection.ts";
export { type CloudDoctorOptions, examineCloud } from "./openstack/doctor.ts";
export { cloudHoldingsOfPerson, cloudHoldingsOfTenant } from "./openstack/holdings.ts";
export { pushLogin } from "./openstack/pushed-login.ts";
export { formatScsCheck, formatScsReport, type ScsCheck, type ScsReport } from "./openstack/scs/report.ts";
export { checkScs, removeScsLeftovers, type ScsOptions } from "./openstack/scs/run.ts";
export { applyTarget, planTarget, type TargetConnection, type TargetPlan } from "./plan-target.ts";
export { type RenderedFile, type RenderFacts, renderTarget } from "./render.ts";
export type { SignTrial, TrialClaims } from "./trial-tokens.ts";
export { formatWorstCase, worstCase } from "./worst-case.ts";
