import { Bug, err, instant, ok, type Result, refusal, seconds, token } from "../../core/index.ts";
import { json, type Reply, type Request, type Route } from "../../http/index.ts";
import { authenticateClient } from "../clients/authenticate.ts";
import { grantTypes } from "../clients/registry.ts";
import { readScope } from "../clients/scope.ts";
import type { IssuerDeps } from "../deps.ts";
import { readResource } from "../grants/rights.ts";
import { readKey } from "../tokens/proof.ts";
import {
  type DeviceAuthorization,
  deviceAuthorizationId,
  deviceAuthorizationKind,
  handleAlias,
  userCodeAlias,
} from "./device-authorization.ts";
import { openCosts } from "./open-codes.ts";
import { makeUserCode } from "./user-code.ts";

/** A record outlives its code by this, so that a late poll is told `expired_token` and not `invalid_grant`. */
const afterlife = 300;

/** `POST /device_authorization` (RFC 8628 section 3.1). */
export function deviceAuthorizationRoute(deps: IssuerDeps): Route {
  return {
    method: "POST",
    path: "/device_authorization",
    errorFormat: "oauth",
    handle: async (request) => {
      const asked = await readStart(deps, request);
      if (!asked.ok) return asked;
      return start(deps, asked.value);
    },
  };
}

type Asked = Pick<DeviceAuthorization, "client" | "scope" | "target" | "challenge" | "jkt" | "origin">;

async function readStart(deps: IssuerDeps, request: Request): Promise<Result<Asked>> {
  const client = await authenticateClient(deps, request);
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
  const jkt = await readKey(deps, request, client.value);
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
function readChallenge(request: Request): Result<string | undefined> {
  const challenge = request.form.get("code_challenge");
  const method = request.form.get("code_challenge_method");
  if (challenge === undefined) {
    return method === undefined ? ok(undefined) : err(refusal("invalid_request", "code_challenge is missing"));
  }
  if (method !== "S256") return err(refusal("invalid_request", "code_challenge_method must be S256"));
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) return err(refusal("invalid_request", "code_challenge is malformed"));
  return ok(challenge);
}

async function start(deps: IssuerDeps, asked: Asked): Promise<Result<Reply>> {
  const { deviceCode: life, interval } = deps.times;
  const now = deps.clock.now();
  const deviceCode = token(deps.random);
  const handle = token(deps.random, 16);
  const ttl = seconds(life + afterlife);
  const costs = openCosts(deps, asked.client, asked.origin.address);
  for (let attempt = 0; attempt < 5; attempt++) {
    const userCode = makeUserCode(deps.random);
    const authorization: DeviceAuthorization = {
      ...asked,
      state: "issued",
      userCode: deps.seal.encrypt("user code", userCode),
      handle,
      startedAt: now,
      expiresAt: instant(now + life),
      interval,
    };
    const aliases = [userCodeAlias(deps, userCode), handleAlias(handle)];
    const put = await deps.store.put(
      deviceAuthorizationKind,
      deviceAuthorizationId(deps, deviceCode),
      authorization,
      { ttl, aliases },
      costs,
    );
    if (put === "refused")
      return err(refusal("too_many_requests", "too many logins are being started from your network"));
    if (put !== "created") continue; // another login has this user code at the moment
    deps.audit.record("device.started", { client: asked.client, authorization: handle, address: asked.origin.address });
    const answer = {
      device_code: deviceCode,
      user_code: userCode,
      verification_uri: `${deps.issuer}/device`,
      verification_uri_complete: `${deps.issuer}/device?user_code=${userCode}`,
      expires_in: life,
      interval,
    };
    return ok(json(answer));
  }
  throw new Bug("five user codes in a row were taken");
}
