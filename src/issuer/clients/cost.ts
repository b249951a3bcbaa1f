import type { Budget, Cost } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";
import type { Client } from "./registry.ts";

/**
 * What is kept for a client's request costs a unit of its network's budget, if anybody may send one (S-56). A client that
 * proved itself is known, and one server may stand for thousands of people.
 */
export const costOf = (
  deps: Pick<IssuerDeps, "networks">,
  client: Client,
  budget: Budget,
  address: string,
): Cost | undefined => (client.authentication.kind === "none" ? costAt(deps, budget, address) : undefined);

/** A unit of a network's budget; nothing for an address that nobody could read (S-72). */
export function costAt({ networks }: Pick<IssuerDeps, "networks">, budget: Budget, address: string): Cost | undefined {
  const key = networks.charged(address);
  return key === undefined ? undefined : { budget, key };
}
