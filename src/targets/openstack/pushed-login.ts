import type { TargetName, TenantName } from "../../core/index.ts";
import { keystoneIdentityProvider } from "../../core/index.ts";
import type { HttpClientDeps } from "../../http-client/index.ts";
import { makeKeystoneCaller } from "./caller.ts";
import type { KeystoneConnection } from "./connection.ts";

/**
 * Tells a cloud that a person's rights are fewer now: a login with a freshly minted access token. Keystone drops the
 * memberships that the token lacks and revokes the person's older tokens (from 28.0.2 and 29.0 on). It needs no account on
 * the cloud. Answers whether Keystone took it; throws `Fault` when nobody answers.
 */
export async function pushLogin(
  cloud: TargetName,
  connection: Pick<KeystoneConnection, "authUrl" | "caPem">,
  tenant: TenantName,
  accessToken: string,
  deps: HttpClientDeps,
): Promise<boolean> {
  const caller = makeKeystoneCaller(cloud, connection, deps);
  const { status } = await caller.present(accessToken, keystoneIdentityProvider(tenant), "openid");
  return status === 201;
}
