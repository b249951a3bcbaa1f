import { err, instant, ok, type Result, refusal, token } from "../../core/index.ts";
import { json, type Reply, type Request, type Route } from "../../http/index.ts";
import { authenticateClient } from "../clients/authenticate.ts";
import { costsOf } from "../clients/cost.ts";
import type { IssuerDeps } from "../deps.ts";
import { readKey } from "../tokens/proof.ts";
import {
  type PushedRequest,
  pushedKind,
  pushedLife,
  pushedMemory,
  pushedRequests,
  tooMany,
} from "./pending-authorization.ts";
import { type AuthorizationRequest, readAddress, readRequest } from "./request.ts";

const prefix = "urn:ietf:params:oauth:request_uri:";

/** `POST /par` (RFC 9126): the request's parameters arrive from the client itself, and the browser carries a reference. */
export function parRoute(deps: IssuerDeps): Route {
  return { method: "POST", path: "/par", errorFormat: "oauth", handle: (request) => push(deps, request) };
}

async function push(deps: IssuerDeps, request: Request): Promise<Result<Reply>> {
  const client = await authenticateClient(deps, request);
  if (!client.ok) return client;
  if (request.form.has("request_uri")) return err(refusal("invalid_request", "request_uri must not be pushed"));
  const address = readAddress(deps.clients, new Map([...request.form, ["client_id", client.value.id]]));
  if (!address.ok) return err(refusal("invalid_request", address.refusal.message));
  const asked = await readRequest(deps, client.value, address.value.redirectUri, request.form);
  if (!asked.ok) return err(refusal(pushedError(asked.refusal), asked.refusal.message));
  const jkt = await readKey(deps, request, client.value);
  if (!jkt.ok) return jkt;
  const reference = token(deps.random);
  const bound = jkt.value === undefined ? asked.value : { ...asked.value, jkt: jkt.value };
  const expiresAt = instant(deps.clock.now() + pushedLife);
  const costs = costsOf(deps, client.value, pushedRequests, request.address);
  const paid = costs.length > 0 && { startedFrom: request.address };
  const pushed: PushedRequest = { state: "open", client: client.value.id, request: bound, expiresAt, ...paid };
  const id = deps.seal.hash("pushed request", reference);
  const put = await deps.store.put(pushedKind, id, pushed, { ttl: pushedMemory }, costs);
  if (put === "refused") return tooMany("too many logins are being started from your network");
  return ok(json({ request_uri: `${prefix}${reference}`, expires_in: pushedLife }, 201));
}

/** Errors that only the authorization endpoint has a word for are `invalid_request` here. */
function pushedError(why: { kind: "page" } | { kind: "redirect"; error: string }) {
  const error = why.kind === "redirect" ? why.error : "";
  const said = (["invalid_scope", "invalid_target", "unauthorized_client"] as const).find((e) => e === error);
  return said ?? "invalid_request";
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
  deps: IssuerDeps,
  uri: string,
  clientId: string | undefined,
): Promise<Result<FoundRequest>> {
  const id = deps.seal.hash("pushed request", uri.slice(prefix.length));
  const pushed = await deps.store.get(pushedKind, id);
  const good = pushed?.state === "open" && pushed.client === clientId && deps.clock.now() < pushed.expiresAt;
  return good
    ? ok({ ...pushed, id })
    : err(refusal("invalid_request", "The program's request is over or was used before. Start the login again."));
}
