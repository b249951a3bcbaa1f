import { consoleTarget, ok, type Seal } from "../core/index.ts";
import { json, type Route } from "../http/index.ts";
import { createTenantClouds, createTenantViews } from "../operations/index.ts";
import { openApiDocument } from "./api/openapi.ts";
import { apiOperations } from "./api/operations.ts";
import type { ConsoleDeps } from "./deps.ts";
import { pageRoutes } from "./pages/routes.ts";

type CloudParts = Parameters<typeof createTenantClouds>[0];

/** The doors of domain managers and operators: pages, and the API with its description; none where the policy has no console. */
export function consoleRoutes(
  parts: Omit<ConsoleDeps, "viewOf" | "clouds"> & CloudParts & { readonly issuer: string; readonly seal: Seal },
): Route[] {
  if (!parts.policy.targets.has(consoleTarget)) return [];
  const deps = { ...parts, viewOf: createTenantViews(parts), clouds: createTenantClouds(parts) };
  const document = openApiDocument(parts.issuer);
  return [
    ...pageRoutes(deps),
    ...apiOperations.map(({ route }) => route(deps)),
    { method: "GET", path: "/api/v1/openapi.json", errorFormat: "problem", handle: () => ok(json(document)) },
  ];
}
