import { consoleTarget, ok, type Seal } from "../core/index.ts";
import { json, type Route } from "../http/index.ts";
import { createTenantClouds, createTenantClusters, createTenantViews } from "../operations/index.ts";
import { openApiDocument } from "./api/openapi.ts";
import { apiOperations } from "./api/operations.ts";
import type { ConsoleDeps } from "./deps.ts";
import { pageRoutes } from "./pages/routes.ts";

type TargetParts = Parameters<typeof createTenantClouds>[0] & Parameters<typeof createTenantClusters>[0];

/** The doors of domain managers and operators: pages, and the API with its description; none where the policy has no console. */
export function consoleRoutes(
  parts: Omit<ConsoleDeps, "viewOf" | "clouds" | "clusters"> &
    TargetParts & { readonly issuer: string; readonly seal: Seal },
): Route[] {
  if (!parts.policy.targets.has(consoleTarget)) return [];
  const [clouds, clusters] = [createTenantClouds(parts), createTenantClusters(parts)];
  const deps = { ...parts, viewOf: createTenantViews(parts), clouds, clusters };
  const document = openApiDocument(parts.issuer);
  return [
    ...pageRoutes(deps),
    ...apiOperations.map(({ route }) => route(deps)),
    { method: "GET", path: "/api/v1/openapi.json", errorFormat: "problem", handle: () => ok(json(document)) },
  ];
}
