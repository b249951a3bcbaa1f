import type { Route } from "../http/index.ts";
import type { ScimDeps } from "./deps.ts";
import { discoveryRoutes } from "./discovery.ts";
import { resourceKinds } from "./kinds.ts";
import { resourceRoutes } from "./resource-routes.ts";
import { searchRoutes } from "./search.ts";

/** SCIM 2.0 (RFC 7643, 7644) for the identity providers that push; none where no one does. */
export function scimRoutes(deps: ScimDeps, isUsed: boolean): Route[] {
  if (!isUsed) return [];
  return [
    ...discoveryRoutes(deps),
    ...searchRoutes(deps),
    ...resourceKinds.flatMap((kind) => resourceRoutes(deps, kind)),
  ];
}
