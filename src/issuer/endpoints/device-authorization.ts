import { err, type OAuthError, ok, type Result, refusal } from "../../core/index.ts";
import { json, type Reply, type Request, type Route } from "../../http/index.ts";
import { grantTypes } from "../clients/registry.ts";
import { readScope } from "../clients/scope.ts";
import type { IssuerDeps } from "../deps.ts";
import { type Asked, type Started, start } from "../device/start.ts";
import { readResource } from "../logins/rights.ts";
import { readKey } from "../tokens/proof.ts";
import { clientOf } from "./client.ts";

type Deps = Pick<
  IssuerDeps,
  "audit" | "clients" | "clock" | "issuer" | "networks" | "policy" | "random" | "seal" | "store" | "times"
>;

/** `POST /device_authorization` (RFC 8628 section 3.1). */
export function deviceAuthorizationRoute(deps: Deps): Route {
  return {
    method: "POST",
    path: "/device_authorization",
    errorFormat: "oauth",
    handle: async (request) => {
      const asked = await readAsked(deps, request);
      if (!asked.ok) return asked;
      const started = await start(deps, asked.value);
      return started.ok ? ok(present(deps.issuer, started.value)) : started;
    },
  };
}

const present = (issuer: string, { deviceCode, userCode, expiresIn, interval }: Started): Reply =>
  json({
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: `${issuer}/device`,
    verification_uri_complete: `${issuer}/device?user_code=${userCode}`,
    expires_in: expiresIn,
    interval,
  });

async function readAsked(deps: Deps, request: Request): Promise<Result<Asked, OAuthError>> {
  const client = await clientOf(deps, request);
  if (!client.ok) return client;
  if (!client.value.grants.includes(grantTypes.device)) {
    return err(refusal("unauthorized_client", "the client may not use the device grant"));
  }
  const scope = readScope(client.value, request.form.get("scope"));
  if (!scope.ok) return scope;
  const target = readResource(deps, client.value.target, request.form.get("resource"));
  if (!target.ok) return target;
  const challenge = readChallenge(request);
  if (!challenge.ok) return challenge;
  const jkt = await readKey(deps, request, request.form.get("dpop_jkt"), client.value);
  if (!jkt.ok) return jkt;
  return ok({
    client: client.value.id,
    scope: scope.value,
    ...(target.value !== undefined && { target: target.value }),
    ...(challenge.value !== undefined && { challenge: challenge.value }),
    ...(jkt.value !== undefined && { jkt: jkt.value }),
    origin: { address: request.address, userAgent: request.userAgent },
  });
}

/** PKCE on the device request binds the poller (S-04); `plain` binds nobody and is refused (RFC 7636 section 4.2). */
function readChallenge(request: Request): Result<string | undefined, OAuthError> {
  const challenge = request.form.get("code_challenge");
  const method = request.form.get("code_challenge_method");
  if (challenge === undefined) {
    return method === undefined ? ok(undefined) : err(refusal("invalid_request", "code_challenge is missing"));
  }
  if (method !== "S256") return err(refusal("invalid_request", "code_challenge_method must be S256"));
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) return err(refusal("invalid_request", "code_challenge is malformed"));
  return ok(challenge);
}
