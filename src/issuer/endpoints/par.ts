import { err, type OAuthError, ok, type Result, refusal } from "../../core/index.ts";
import { json, type Reply, type Request, type Route } from "../../http/index.ts";
import { pushedLife } from "../authorize/pending-authorization.ts";
import { keepPushed } from "../authorize/pushed.ts";
import { readAddress, readRequest } from "../authorize/request.ts";
import type { IssuerDeps } from "../deps.ts";
import { readKey } from "../tokens/proof.ts";
import { clientOf } from "./client.ts";

type Deps = Pick<
  IssuerDeps,
  "audit" | "clients" | "clock" | "issuer" | "keys" | "networks" | "policy" | "random" | "seal" | "store"
>;

/** `POST /par` (RFC 9126): the request's parameters arrive from the client itself, and the browser carries a reference. */
export function parRoute(deps: Deps): Route {
  return { method: "POST", path: "/par", errorFormat: "oauth", handle: (request) => push(deps, request) };
}

async function push(deps: Deps, request: Request): Promise<Result<Reply, OAuthError>> {
  const client = await clientOf(deps, request);
  if (!client.ok) return client;
  if (request.form.has("request_uri")) return err(refusal("invalid_request", "request_uri must not be pushed"));
  const address = readAddress(deps.clients, new Map([...request.form, ["client_id", client.value.id]]));
  if (!address.ok) return err(refusal("invalid_request", address.refusal.message));
  const asked = await readRequest(deps, client.value, address.value.redirectUri, request.form);
  if (!asked.ok) return err(refusal(pushedError(asked.refusal), asked.refusal.message));
  const jkt = await readKey(deps, request, request.form.get("dpop_jkt"), client.value);
  if (!jkt.ok) return jkt;
  const bound = jkt.value === undefined ? asked.value : { ...asked.value, jkt: jkt.value };
  const pushed = await keepPushed(deps, client.value, bound, request.address);
  return pushed.ok ? ok(json({ request_uri: pushed.value, expires_in: pushedLife }, 201)) : pushed;
}

/** Errors that only the authorization endpoint has a word for are `invalid_request` here. */
function pushedError(why: { kind: "page" } | { kind: "redirect"; error: string }) {
  const error = why.kind === "redirect" ? why.error : "";
  const said = (["invalid_scope", "invalid_target", "unauthorized_client"] as const).find((e) => e === error);
  return said ?? "invalid_request";
}
