import { chargedNetwork } from "../../http/index.ts";
import type { Budget, Cost } from "../../store/index.ts";
import type { Client } from "./registry.ts";

/**
 * What is kept for a client's request costs a unit of its network's budget, if anybody may send one (S-56). A client that
 * proved itself is known, and one server may stand for thousands of people.
 */
export const costOf = (client: Client, budget: Budget, address: string): Cost | undefined =>
  client.authentication.kind === "none" ? { budget, key: chargedNetwork(address) } : undefined;
