export {
  type Applied,
  endHoldings,
  type Holding,
  type LeaseOptions,
  type Plan,
  type Proof,
  readPlans,
  type Step,
  savePlans,
  sayApplied,
  sayDeletes,
  sayPlan,
} from "../reconcile/index.ts";
export type { AskDeps } from "./ask.ts";
export { type CloudDoctorOptions, examineCloud } from "./doctor/cloud.ts";
export { type ClusterDoctorOptions, examineCluster } from "./doctor/cluster.ts";
export type { DoctorReport } from "./doctor/report.ts";
export type { SignTrial, TrialClaims } from "./doctor/trial-tokens.ts";
export type { KubernetesConnection } from "./kubernetes/connection.ts";
export { type KubeconfigOptions, kubernetesConnectionFromKubeconfig } from "./kubernetes/kubeconfig.ts";
export { cloudHoldingsOfPerson, cloudHoldingsOfTenant } from "./leaving/cloud.ts";
export { clusterHoldingsOfTenant } from "./leaving/cluster.ts";
export { pushLogin } from "./leaving/pushed-login.ts";
export type { KeystoneConnection } from "./openstack/connection.ts";
export { applyTarget, planTarget, type TargetConnection, type TargetPlan } from "./plan-target.ts";
export { type RenderedFile, type RenderFacts, renderTarget } from "./render.ts";
export { type ScsCheck, type ScsReport, sayScsCheck, sayScsReport } from "./scs/report.ts";
export { checkScs, removeScsLeftovers, type ScsOptions } from "./scs/run.ts";
export { sayWorstCase, worstCase } from "./worst-case.ts";
