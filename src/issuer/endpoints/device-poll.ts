import { err, type OAuthError, type Result, refusal } from "../../core/index.ts";
import type { Reply, Request } from "../../http/index.ts";
import type { Client } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { redeem } from "../device/redeem.ts";

type Deps = Pick<
  IssuerDeps,
  | "audit"
  | "clients"
  | "clock"
  | "events"
  | "issuer"
  | "mint"
  | "networks"
  | "policy"
  | "random"
  | "seal"
  | "store"
  | "times"
>;

/** `grant_type=urn:ietf:params:oauth:grant-type:device_code` at the token endpoint. */
export async function pollDevice(
  deps: Deps,
  client: Client,
  { form, address }: Request,
  jkt: string | undefined,
): Promise<Result<Reply, OAuthError>> {
  const deviceCode = form.get("device_code");
  if (deviceCode === undefined) return err(refusal("invalid_request", "device_code is missing"));
  const [codeVerifier, resource] = [form.get("code_verifier"), form.get("resource")];
  return redeem(deps, client, { deviceCode, codeVerifier, resource, address, jkt });
}
