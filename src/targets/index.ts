export { type Applied, type Plan, readPlan, type Step, savePlan, sayApplied, sayPlan } from "../reconcile/index.ts";
export type { AskDeps } from "./ask.ts";
export type { KubernetesConnection } from "./kubernetes/connection.ts";
export { type KubeconfigOptions, kubernetesConnectionFromKubeconfig } from "./kubernetes/kubeconfig.ts";
export type { KeystoneConnection } from "./openstack/connection.ts";
export { applyTarget, planTarget, type TargetConnection, type TargetPlan } from "./plan-target.ts";
export { type RenderedFile, type RenderFacts, renderTarget } from "./render.ts";
