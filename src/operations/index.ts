import type { openRunningState as OpenRunningState } from "./running-state.ts";

export { type BrokerFiles, loadBroker, policyOf } from "./configuration/load-broker.ts";
export type { RunningState } from "./running-state.ts";

/** Opens store, keys and audit; loaded by a broker alone. See `running-state.ts`. */
export const openRunningState: typeof OpenRunningState = async (...args) =>
  (await import("./running-state.ts")).openRunningState(...args);
