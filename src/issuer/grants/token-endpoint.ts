import { no, type Result, refusal } from "../../core/index.ts";
import type { Reply, Request, Route } from "../../http/index.ts";
import { authenticateClient } from "../clients/authenticate.ts";
import { type Client, type GrantType, grantTypes } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { redeem } from "../device/redeem.ts";
import { refresh } from "./refresh.ts";

/** What a grant adds to the steps that all share. */
type Grant = (deps: IssuerDeps, client: Client, request: Request) => Promise<Result<Reply>>;

const grants: Readonly<Partial<Record<GrantType, Grant>>> = {
  [grantTypes.device]: redeem,
  [grantTypes.refresh]: refresh,
};

/** `POST /token` (RFC 6749 section 3.2): client, grant type, right to it, then the grant. */
export function tokenRoute(deps: IssuerDeps): Route {
  return {
    method: "POST",
    path: "/token",
    tongue: "oauth",
    handle: async (request) => {
      const client = authenticateClient(request, deps.clients);
      if (!client.ok) return client;
      const type = request.form.get("grant_type");
      if (type === undefined) return no(refusal("invalid_request", "grant_type is missing"));
      const grant = isGrantType(type) ? grants[type] : undefined;
      if (!isGrantType(type) || !grant) return no(refusal("unsupported_grant_type", "the grant type is not supported"));
      if (!client.value.grants.includes(type)) {
        return no(refusal("unauthorized_client", "the client may not use this grant type"));
      }
      return grant(deps, client.value, request);
    },
  };
}

/** The grant types that work, for the metadata. */
export const supportedGrantTypes: readonly string[] = Object.keys(grants);

const isGrantType = (type: string): type is GrantType => Object.hasOwn(grants, type);
