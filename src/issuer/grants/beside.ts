import type { CodeRecord } from "../authorize/pending-authorization.ts";
import type { Client } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";

/**
 * How a login by code came about, by where its code was confirmed and where it is redeemed (S-73). A program on the person's
 * own machine asks from where the browser is. Somebody who began the login elsewhere, and had the victim read the code from
 * the address bar, does not: that gets nothing (`elsewhere`). Where nothing can be said (an unknown address, one that strangers
 * share), or the operator lets the client work across networks, the login stands but carries no elevated set (`apart`).
 */
export function wayOf(
  { networks }: Pick<IssuerDeps, "networks">,
  client: Client,
  { request, confirmedFrom = "" }: CodeRecord,
  address: string,
): "browser" | "apart" | "elsewhere" {
  if (!comesFromPerson(client, request.redirectUri) || networks.near(confirmedFrom, address)) return "browser";
  const unsaid = !networks.distinguishes(confirmedFrom, address);
  return unsaid || client.deviceOrigin === "allow-insecure" ? "apart" : "elsewhere";
}

/** A confidential client on the web redeems from its server, wherever that stands; others from where the person is. */
const comesFromPerson = ({ authentication }: Client, redirectUri: string): boolean =>
  authentication.kind === "none" || !redirectUri.startsWith("https:");
