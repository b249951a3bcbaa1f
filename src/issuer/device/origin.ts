import { createNetworks } from "../../http/index.ts";

/** Who started a login, as far as the network says. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string;
}

const plain = createNetworks();

/** Whether two addresses are near, for who knows nothing of the operator's networks; see `Networks.near`. */
export const sameNetwork = (one: string, other: string): boolean => plain.near(one, other);
