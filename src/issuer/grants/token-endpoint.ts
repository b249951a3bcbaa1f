import { err, type OAuthError, type Result, refusal } from "../../core/index.ts";
import type { Reply, Request, Route } from "../../http/index.ts";
import { type Client, type GrantType, grantTypes } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { clientOf } from "../endpoints/client.ts";
import { pollDevice } from "../endpoints/device-poll.ts";
import { readProof } from "../tokens/proof.ts";
import { redeemCode } from "./authorization-code.ts";
import { clientCredentials } from "./client-credentials.ts";
import { exchange } from "./exchange.ts";
import { refresh } from "./refresh.ts";

/** What a grant adds to the steps that all share. `jkt` = thumbprint of the key that the request proved, if any. */
type Grant = (
  deps: IssuerDeps,
  client: Client,
  request: Request,
  jkt: string | undefined,
) => Promise<Result<Reply, OAuthError>>;

const grants: Readonly<Partial<Record<GrantType, Grant>>> = {
  [grantTypes["authorization-code"]]: redeemCode,
  [grantTypes.device]: pollDevice,
  [grantTypes.refresh]: refresh,
  [grantTypes.exchange]: exchange,
  [grantTypes["client-credentials"]]: clientCredentials,
};

/** `POST /token` (RFC 6749 section 3.2): client, grant type, right to it, proof of possession, then the grant. */
export function tokenRoute(deps: IssuerDeps): Route {
  return {
    method: "POST",
    path: "/token",
    errorFormat: "oauth",
    handle: async (request) => {
      const client = await clientOf(deps, request);
      if (!client.ok) return client;
      const type = request.form.get("grant_type");
      if (type === undefined) return err(refusal("invalid_request", "grant_type is missing"));
      const grant = isGrantType(type) ? grants[type] : undefined;
      if (!isGrantType(type) || !grant)
        return err(refusal("unsupported_grant_type", "the grant type is not supported"));
      if (!client.value.grants.includes(type)) {
        return err(refusal("unauthorized_client", "the client may not use this grant type"));
      }
      const jkt = await readProof(deps, request, { client: client.value });
      if (!jkt.ok) return jkt;
      if (client.value.dpop === "required" && jkt.value === undefined) {
        return err(
          refusal("invalid_dpop_proof", "this client must prove a key of its own: the DPoP header is missing"),
        );
      }
      return grant(deps, client.value, request, jkt.value);
    },
  };
}

/** The grant types that work, for the metadata. */
export const supportedGrantTypes: readonly string[] = Object.keys(grants);

const isGrantType = (type: string): type is GrantType => Object.hasOwn(grants, type);
