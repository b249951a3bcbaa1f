import type { Route } from "../http/index.ts";
import { type ConfiguredClient, clientRegistry } from "./clients/registry.ts";
import type { IssuerDeps } from "./deps.ts";
import { deviceRoutes } from "./device/routes.ts";
import { discoveryRoutes } from "./discovery/metadata.ts";
import { targetsRoute } from "./entitlements/targets.ts";
import { tokenRoute } from "./grants/token-endpoint.ts";
import { revokeRoute } from "./logout/revoke.ts";
import { createJudge } from "./tokens/judge.ts";
import { createMint } from "./tokens/mint.ts";

export { readClientKeys } from "./clients/client-keys.ts";
export type { ConfiguredClient } from "./clients/registry.ts";
export type { IssuerTimes, Recheck } from "./deps.ts";
export { createKeyFile, readKeyFile, type StoredKey } from "./keys/key-file.ts";
export { type KeySet, makeKeySet } from "./keys/key-set.ts";

/** What the issuer is given; the rest it makes itself. */
export type IssuerParts = Omit<IssuerDeps, "clients" | "mint" | "judge">;

/** Everything the broker serves as OpenID Provider. */
export function issuerRoutes(parts: IssuerParts, configured: readonly ConfiguredClient[]): Route[] {
  const deps: IssuerDeps = {
    ...parts,
    clients: clientRegistry(parts.policy, configured),
    mint: createMint(parts),
    judge: createJudge(parts),
  };
  return [...discoveryRoutes(deps), ...deviceRoutes(deps), tokenRoute(deps), revokeRoute(deps), targetsRoute(deps)];
}
