import { err, ok, refusal } from "../core/index.ts";
import type { Route } from "../http/index.ts";
import type { Attribute, ResourceSchema } from "./attribute.ts";
import type { ScimDeps } from "./deps.ts";
import { type ResourceKind, resourceKinds } from "./kinds.ts";
import { listResponse, pageSize } from "./list.ts";
import { basePath, scimJson, scimRoute } from "./resource-routes.ts";

/** What the service can do, what there is, and what it is made of (RFC 7644 section 4). */
export function discoveryRoutes(deps: ScimDeps): Route[] {
  const base = `${deps.issuer}${basePath}`;
  return [
    scimRoute(deps, "GET", "/ServiceProviderConfig", async () => ok(scimJson(serviceProviderConfig(base)))),
    ...listed(
      deps,
      "/ResourceTypes",
      resourceKinds.map((kind) => resourceType(base, kind)),
      "name",
    ),
    ...listed(
      deps,
      "/Schemas",
      resourceKinds.map(({ schema }) => shownSchema(base, schema)),
      "id",
    ),
  ];
}

/** A list that takes no filter (RFC 7644 section 4), and each of its parts. */
function listed(deps: ScimDeps, path: string, all: readonly Readonly<Record<string, unknown>>[], by: string): Route[] {
  return [
    scimRoute(deps, "GET", path, async ({ query }) =>
      query.has("filter")
        ? err(refusal("forbidden", "there is nothing to filter here"))
        : ok(scimJson(listResponse(all))),
    ),
    scimRoute(deps, "GET", `${path}/{id}`, async ({ params }) => {
      const found = all.find((one) => one[by] === params.get("id"));
      return found ? ok(scimJson(found)) : err(refusal("not_found", "there is no such thing"));
    }),
  ];
}

const serviceProviderConfig = (base: string) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: pageSize.most },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  authenticationSchemes: [
    {
      type: "oauthbearertoken",
      name: "Bearer token",
      description:
        "a token of the identity provider's own, or an access token of a robot of the tenant for the console",
      specUri: "https://www.rfc-editor.org/rfc/rfc6750",
      primary: true,
    },
  ],
  meta: { resourceType: "ServiceProviderConfig", location: `${base}/ServiceProviderConfig` },
});

const resourceType = (base: string, { schema, endpoint }: ResourceKind) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
  id: schema.name,
  name: schema.name,
  endpoint,
  description: schema.description,
  schema: schema.id,
  meta: { resourceType: "ResourceType", location: `${base}/ResourceTypes/${schema.name}` },
});

const shownSchema = (base: string, { id, name, description, attributes }: ResourceSchema) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  id,
  name,
  description,
  attributes: attributes.map(shownAttribute),
  meta: { resourceType: "Schema", location: `${base}/Schemas/${id}` },
});

/** Every characteristic, said outright (RFC 7643 section 7). */
const shownAttribute = (a: Attribute): object => ({
  name: a.name,
  type: a.type,
  multiValued: a.multiValued ?? false,
  description: a.description,
  required: a.required ?? false,
  caseExact: a.caseExact ?? false,
  mutability: a.mutability ?? "readWrite",
  returned: a.returned ?? "default",
  uniqueness: a.uniqueness ?? "none",
  ...(a.canonicalValues && { canonicalValues: a.canonicalValues }),
  ...(a.referenceTypes && { referenceTypes: a.referenceTypes }),
  ...(a.subAttributes && { subAttributes: a.subAttributes.map(shownAttribute) }),
});
