import { err, instant, ok, type RequestError, type Result, refusal, token } from "../../core/index.ts";
import { costsOf } from "../clients/cost.ts";
import type { Client } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import {
  type PushedRequest,
  pushedKind,
  pushedLife,
  pushedMemory,
  pushedRequests,
  tooMany,
} from "./pending-authorization.ts";
import type { AuthorizationRequest } from "./request.ts";

const prefix = "urn:ietf:params:oauth:request_uri:";

/** Keeps a request that a client pushed from an address. Answers the reference that the browser carries. */
export async function keepPushed(
  deps: Pick<IssuerDeps, "random" | "clock" | "networks" | "seal" | "store">,
  client: Client,
  request: AuthorizationRequest,
  address: string,
): Promise<Result<string, RequestError>> {
  const reference = token(deps.random);
  const expiresAt = instant(deps.clock.now() + pushedLife);
  const costs = costsOf(deps, client, pushedRequests, address);
  const paid = costs.length > 0 && { startedFrom: address };
  const pushed: PushedRequest = { state: "open", client: client.id, request, expiresAt, ...paid };
  const id = deps.seal.hash("pushed request", reference);
  const put = await deps.store.put(pushedKind, id, pushed, { ttl: pushedMemory }, costs);
  if (put === "refused") return tooMany("too many logins are being started from your network");
  return ok(`${prefix}${reference}`);
}

/** True for a reference as `POST /par` gives them; another `request_uri` would be a request object elsewhere. */
export const isPushedReference = (uri: string): boolean => uri.startsWith(prefix);

/** What a reference leads to; `id` is what a decision uses up. */
export interface FoundRequest extends Pick<PushedRequest, "startedFrom"> {
  readonly id: string;
  readonly request: AuthorizationRequest;
}

/**
 * The request behind a reference, for the client that pushed it. A look uses nothing up: a page is loaded again, and a link
 * in another's hands must not end the login of who it was for.
 */
export async function findPushed(
  deps: Pick<IssuerDeps, "seal" | "store" | "clock">,
  uri: string,
  clientId: string | undefined,
): Promise<Result<FoundRequest, RequestError>> {
  const id = deps.seal.hash("pushed request", uri.slice(prefix.length));
  const pushed = await deps.store.get(pushedKind, id);
  const good = pushed?.state === "open" && pushed.client === clientId && deps.clock.now() < pushed.expiresAt;
  return good
    ? ok({ ...pushed, id })
    : err(refusal("invalid_request", "The program's request is over or was used before. Start the login again."));
}
