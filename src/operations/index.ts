export { type BrokerFiles, loadBroker, policyOf, type Unusable } from "./configuration/load-broker.ts";
export { openRunningState, type RunningState } from "./running-state.ts";
