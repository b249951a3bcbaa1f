import type { Budget, Cost } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";
import type { Client } from "./registry.ts";

/**
 * What is kept for a client's request costs a unit of its network's budget, if anybody may send one (S-56). A client that
 * proved itself is known, and one server may stand for thousands of people.
 */
export const costsOf = (
  { networks }: Pick<IssuerDeps, "networks">,
  client: Client,
  budget: Budget,
  address: string,
): readonly Cost[] => (client.authentication.kind === "none" ? networks.costs(budget, address) : []);
