import { addressParts } from "../../http/index.ts";
import type { CodeRecord } from "../authorize/flow.ts";
import type { Client } from "../clients/registry.ts";
import { sameNetwork } from "../device/origin.ts";

/**
 * How a login by code came about, by where its code was confirmed and where it is redeemed (S-73). A program on the person's
 * own machine asks from where the browser is. Somebody who began the login elsewhere, and had the victim read the code from
 * the address bar, does not: that gets nothing (`elsewhere`). Where an address cannot be read, or the operator lets the client
 * work across networks, the login stands but carries no elevated set (`apart`).
 */
export function wayOf(
  client: Client,
  { request, confirmedFrom = "" }: CodeRecord,
  address: string,
): "browser" | "apart" | "elsewhere" {
  if (!comesFromPerson(client, request.redirectUri) || sameNetwork(confirmedFrom, address)) return "browser";
  const known = [confirmedFrom, address].every((one) => addressParts(one) !== undefined);
  // The same address and yet no network in common: one that says nothing about who is near.
  if (!known || confirmedFrom === address || client.deviceOrigin === "allow-insecure") return "apart";
  return "elsewhere";
}

/** A confidential client on the web redeems from its server, wherever that stands; others from where the person is. */
const comesFromPerson = ({ authentication }: Client, redirectUri: string): boolean =>
  authentication.kind === "none" || !redirectUri.startsWith("https:");
