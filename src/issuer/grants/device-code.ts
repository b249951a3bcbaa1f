import {
  Bug,
  err,
  loginRefused,
  type OAuthError,
  ok,
  type Result,
  refusal,
  type Seconds,
  seconds,
} from "../../core/index.ts";
import type { Budget, Spending } from "../../store/index.ts";
import type { Client } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { burn } from "../device/burn.ts";
import {
  type DeviceAuthorization,
  deviceAuthorizationId,
  deviceAuthorizationKind,
  transitions,
} from "../device/device-authorization.ts";
import { openCosts } from "../device/open-codes.ts";
import { newLogin } from "../logins/login.ts";
import { decideRights, readResource } from "../logins/rights.ts";
import { verifierFits } from "./pkce.ts";
import type { Granted, TokenRequest } from "./token-request.ts";

/**
 * Polls allowed within one interval. Honest clients need up to four: keystoneauth and kubelogin poll at once and then at
 * exactly the interval, x/oauth2 sends every poll twice. Only more than that is told to slow down (S-11), since
 * `slow_down` ends an `openstack` login.
 */
const pollsPerInterval = 4;
const slowDownBy = 5;

type Deps = Pick<
  IssuerDeps,
  "audit" | "clients" | "clock" | "issuer" | "networks" | "policy" | "random" | "seal" | "store" | "times"
>;

/** Parameters of the grant (RFC 8628 section 3.4, RFC 7636, RFC 8707). */
export interface DeviceCodeParameters {
  readonly deviceCode: string;
  readonly codeVerifier: string | undefined;
  readonly resource: string | undefined;
}

type Poll = TokenRequest<DeviceCodeParameters>;

/** The device grant (RFC 8628 section 3.4): how far the login is, or its tokens. */
export async function redeemDeviceCode(deps: Deps, poll: Poll): Promise<Result<Granted, OAuthError>> {
  const { client, jkt, parameters } = poll;
  const id = deviceAuthorizationId(deps, parameters.deviceCode);
  const visited = await deps.store.visit(deviceAuthorizationKind, id, pollsWithin(deps.times.interval));
  if (!visited) return err(refusal("invalid_grant", "the device code is not known"));
  const { value: authorization, spending } = visited;
  if (authorization.client !== client.id) return burnForeign(deps, id, authorization, client, poll.address);
  if (!verifierFits(authorization.challenge, parameters.codeVerifier)) {
    return err(refusal("invalid_grant", "code_verifier does not fit the code_challenge"));
  }
  if (authorization.jkt !== undefined && authorization.jkt !== jkt) {
    return err(refusal("invalid_grant", "the device code is bound to a key that this request does not prove"));
  }
  switch (authorization.state) {
    case "issued":
    case "shown":
      return deps.clock.now() >= authorization.expiresAt ? expired() : pending(deps, id, authorization, spending);
    case "denied":
      return err(refusal("access_denied", loginRefused[authorization.refused ?? "refused"]));
    case "burnt":
      return err(refusal("access_denied", loginRefused.burnt));
    case "redeemed":
      return err(refusal("invalid_grant", "the device code was used before"));
    case "approved":
      return deps.clock.now() >= authorization.expiresAt ? expired() : grant(deps, id, authorization, poll);
  }
}

const expired = () => err(refusal("expired_token", "the code has expired: start the login again"));

/** A code in the hands of another client is stolen or guessed: nobody gets it any more (S-03). */
async function burnForeign(
  deps: Deps,
  id: string,
  authorization: DeviceAuthorization,
  client: Client,
  address: string,
) {
  await burn(deps, id, authorization, { by: client.id, address });
  return err(refusal("invalid_grant", "the device code is not known", "another client's code"));
}

const pollsWithin = (window: Seconds): Budget => ({ name: `device-poll-${window}`, limit: pollsPerInterval, window });

async function pending(
  deps: Deps,
  id: string,
  authorization: DeviceAuthorization,
  polls: Spending,
): Promise<Result<never, OAuthError>> {
  // Who was told to slow down has a longer interval, and so one more budget to keep to.
  const slowed = authorization.interval > deps.times.interval;
  const { granted } = polls.granted && slowed ? await deps.store.spend(pollsWithin(authorization.interval), id) : polls;
  if (granted) return err(refusal("authorization_pending", "the login is not confirmed yet"));
  const slower = { interval: seconds(authorization.interval + slowDownBy) };
  await deps.store.advance(deviceAuthorizationKind, id, transitions.show.from, slower);
  return err(refusal("slow_down", `poll every ${slower.interval} seconds at the most`));
}

/** One atomic step redeems the code and makes the login; of many racers one wins (S-02). */
async function grant(
  deps: Deps,
  id: string,
  authorization: DeviceAuthorization,
  poll: Poll,
): Promise<Result<Granted, OAuthError>> {
  const { person, realmGrant } = authorization;
  const { client, jkt, parameters } = poll;
  if (!person || realmGrant === undefined) throw new Bug("an approved authorization has no person");
  // What is asked for here must be what was confirmed, or a part of it (RFC 8707 section 2.2, S-09).
  const target = readResource(deps, client.target ?? authorization.target, parameters.resource);
  if (!target.ok) return target;
  const rights = decideRights(deps, { person, client: authorization.client, loginMethod: "device" }, target.value);
  if (!rights.ok) return err(refusal("access_denied", rights.refusal.message, rights.refusal.detail));
  const started = newLogin(deps, client, jkt, {
    client: authorization.client,
    scope: authorization.scope,
    loginMethod: "device",
    person,
    behind: { kind: "sign-in", realmGrant },
    origin: authorization.origin,
    ...(authorization.target !== undefined && { target: authorization.target }),
  });
  const won = await deps.store.advance(
    deviceAuthorizationKind,
    id,
    transitions.redeem.from,
    { state: transitions.redeem.to, login: started.id },
    { create: started.create, giveBack: openCosts(deps, authorization.client, authorization.origin.address) },
  );
  if (won.outcome !== "won") return err(refusal("invalid_grant", "the device code was used before"));
  const { id: loginId, login, refreshToken } = started;
  return ok({ loginId, login, rights: rights.value, scope: login.scope, refreshToken });
}
