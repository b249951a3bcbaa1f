import { seconds } from "../../core/index.ts";
import type { Cost } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";

/** The longest life of a code (`lifetimes.deviceCode`): for this long a start counts that nobody finishes. */
const longestLife = seconds(600);

/**
 * Codes that are open at once. A guess hits one with a chance of their number in 20¹², so it has an end (S-74); and so has
 * what anybody can make the store keep (S-56).
 */
export const openCodes = { name: "device-start-in-all", limit: 50_000, window: longestLife } as const;
/** The same from one network, or by one client that proves itself: nobody fills it for all. */
export const openCodesOfOne = { name: "device-start", limit: 5_000, window: longestLife } as const;
/** A client that proves itself is known, and one server may stand for thousands of people. */
const knownShare = 5;

/** What it costs to start a device login, until it is redeemed: then it is given back. */
export function openCosts(
  { clients, networks }: Pick<IssuerDeps, "clients" | "networks">,
  client: string,
  address: string,
): readonly Cost[] {
  const isKnown = clients.get(client)?.authentication.kind !== "none";
  const known = { budget: { ...openCodesOfOne, limit: openCodesOfOne.limit * knownShare }, key: `client:${client}` };
  return [{ budget: openCodes, key: "all" }, ...(isKnown ? [known] : networks.costs(openCodesOfOne, address))];
}
