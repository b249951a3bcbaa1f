import type { BrokerConfig } from "../../config/index.ts";

/** Where the key set is, for a person. */
export const placeOfSigningKeys = ({ keys }: Pick<BrokerConfig, "keys">): string =>
  typeof keys === "string" ? `the key file ${keys}` : "the key set in the store";
