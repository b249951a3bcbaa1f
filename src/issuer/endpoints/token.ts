import { err, type OAuthError, ok, type Result, refusal } from "../../core/index.ts";
import type { Request, Route } from "../../http/index.ts";
import { type Client, type GrantType, grantTypes } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { answerTokens } from "../grants/answer.ts";
import { redeemCode } from "../grants/authorization-code.ts";
import { clientCredentials } from "../grants/client-credentials.ts";
import { redeemDeviceCode } from "../grants/device-code.ts";
import { exchange } from "../grants/exchange.ts";
import { refresh } from "../grants/refresh.ts";
import type { Granted, TokenRequest } from "../grants/token-request.ts";
import { readProof } from "../tokens/proof.ts";
import { clientOf } from "./client.ts";
import { readClientCredentials, readCode, readDeviceCode, readExchange, readRefresh } from "./token-request.ts";

type Deps = Pick<
  IssuerDeps,
  | "audit"
  | "clients"
  | "clock"
  | "events"
  | "issuer"
  | "mint"
  | "networks"
  | "notifyClient"
  | "policy"
  | "random"
  | "relyingParty"
  | "seal"
  | "store"
  | "times"
  | "verifyAccessToken"
>;
type Asker = Omit<TokenRequest<unknown>, "parameters">;
type Form = Request["form"];

/** What a grant adds to the steps that all share: it reads its own parameters, and says what they are good for. */
type Grant = (deps: Deps, asker: Asker, form: Form) => Promise<Result<Granted, OAuthError>>;

const grantOf =
  <P>(
    read: (form: Form) => Result<P, OAuthError>,
    redeem: (deps: Deps, request: TokenRequest<P>) => Promise<Result<Granted, OAuthError>>,
  ): Grant =>
  async (deps, asker, form) => {
    const parameters = read(form);
    return parameters.ok ? redeem(deps, { ...asker, parameters: parameters.value }) : parameters;
  };

const grants: Readonly<Record<GrantType, Grant>> = {
  [grantTypes["authorization-code"]]: grantOf(readCode, redeemCode),
  [grantTypes.device]: grantOf(readDeviceCode, redeemDeviceCode),
  [grantTypes.refresh]: grantOf(readRefresh, refresh),
  [grantTypes.exchange]: grantOf(readExchange, exchange),
  [grantTypes["client-credentials"]]: grantOf(readClientCredentials, clientCredentials),
};

/** `POST /token` (RFC 6749 section 3.2): client, grant type, proof of possession, what the grant gives, the answer. */
export function tokenRoute(deps: Deps): Route {
  return {
    method: "POST",
    path: "/token",
    errorFormat: "oauth",
    handle: async (request) => {
      const client = await clientOf(deps, request);
      if (!client.ok) return client;
      const type = grantTypeOf(client.value, request.form.get("grant_type"));
      if (!type.ok) return type;
      const jkt = await readProof(deps, request, { client: client.value });
      if (!jkt.ok) return jkt;
      if (client.value.dpop === "required" && jkt.value === undefined) return withoutProof();
      const { address, userAgent } = request;
      const asker = { client: client.value, jkt: jkt.value, address, userAgent };
      const granted = await grants[type.value](deps, asker, request.form);
      return granted.ok ? ok(answerTokens(deps, asker, type.value, granted.value)) : granted;
    },
  };
}

/** The grant types that work, for the metadata. */
export const supportedGrantTypes: readonly string[] = Object.keys(grants);

function grantTypeOf(client: Client, type: string | undefined): Result<GrantType, OAuthError> {
  if (type === undefined) return err(refusal("invalid_request", "grant_type is missing"));
  if (!isGrantType(type)) return err(refusal("unsupported_grant_type", "the grant type is not supported"));
  if (client.grants.includes(type)) return ok(type);
  return err(refusal("unauthorized_client", "the client may not use this grant type"));
}

const withoutProof = () =>
  err(refusal("invalid_dpop_proof", "this client must prove a key of its own: the DPoP header is missing"));

const isGrantType = (type: string): type is GrantType => Object.hasOwn(grants, type);
