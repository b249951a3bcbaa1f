import { err, ok, type Result, refusal, type ScimError } from "../core/index.ts";
import type { Fields, Route } from "../http/index.ts";
import type { Pusher } from "../operations/index.ts";
import type { ScimDeps } from "./deps.ts";
import { type ResourceKind, resourceKinds } from "./kinds.ts";
import { pageOf, readListQuery } from "./list.ts";
import { isObject } from "./read-attributes.ts";
import { foundBy, scimJson, scimRoute } from "./resource-routes.ts";
import type { Selection } from "./shown.ts";

const searchSchema = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

/** Lists that are asked for by POST, so that names stand in no log of addresses (RFC 7644 section 3.4.3). */
export const searchRoutes = (deps: ScimDeps): Route[] => [
  searchRoute(deps, "", resourceKinds),
  ...resourceKinds.map((kind) => searchRoute(deps, kind.endpoint, [kind])),
];

const searchRoute = (deps: ScimDeps, below: string, kinds: readonly ResourceKind[]): Route =>
  scimRoute(deps, "POST", `${below}/.search`, async (request, pusher) => {
    const query = readSearch(request.json);
    if (!query.ok) return query;
    const page = await search(deps, pusher, kinds, query.value);
    return page.ok ? ok(scimJson(page.value)) : page;
  });

/** Over several kinds: one for which the filter means nothing has nothing to show. */
async function search(
  deps: ScimDeps,
  pusher: Pusher,
  kinds: readonly ResourceKind[],
  query: Fields,
): Promise<Result<object, ScimError>> {
  const asked = kinds.map((kind) => ({ kind, wanted: readListQuery(kind.schema, query) }));
  const [first] = asked.flatMap(({ wanted }) => (wanted.ok ? [wanted.value] : []));
  const [problem] = asked.flatMap(({ wanted }) => (wanted.ok ? [] : [wanted.refusal]));
  if (first === undefined) return err(problem ?? refusal("not_found", "there is nothing to search"));
  const found = await Promise.all(
    asked.map(async ({ kind, wanted }) => (wanted.ok ? foundBy(deps, kind, pusher, wanted.value.filter) : ok([]))),
  );
  const refused = found.find((one) => !one.ok);
  if (refused && !refused.ok) return refused;
  // Which attributes are chosen is each kind's own affair.
  const selects = new Map(
    asked.flatMap(({ kind, wanted }) => (wanted.ok ? [[kind.schema.id, wanted.value.select]] : [])),
  );
  const select: Selection = (shown) => selects.get(String(shown["schemas"]))?.(shown) ?? shown;
  return ok(
    pageOf(
      found.flatMap((one) => (one.ok ? one.value : [])),
      { ...first, select },
    ),
  );
}

const texts = ["filter", "sortBy", "sortOrder"] as const;
const numbers = ["startIndex", "count"] as const;
const lists = ["attributes", "excludedAttributes"] as const;

/** The body of a search as the parameters that a list is asked with. */
function readSearch(body: unknown): Result<Fields, ScimError> {
  if (!isObject(body)) return err(refusal("invalid_request", "the body is no JSON object"));
  const { schemas } = body;
  if (!Array.isArray(schemas) || !schemas.includes(searchSchema))
    return err(refusal("invalid_request", `schemas must name ${searchSchema}`));
  const fields = new Map<string, string>();
  const wrong = (name: string, what: string) => err(refusal("invalid_value", `${name} must be ${what}`));
  for (const name of texts) {
    const value = body[name] ?? undefined;
    if (value !== undefined && typeof value !== "string") return wrong(name, "a text");
    if (value !== undefined) fields.set(name, value);
  }
  for (const name of numbers) {
    const value = body[name] ?? undefined;
    if (value !== undefined && typeof value !== "number") return wrong(name, "a number");
    if (value !== undefined) fields.set(name, String(value));
  }
  for (const name of lists) {
    const value = body[name] ?? undefined;
    if (value === undefined) continue;
    if (!Array.isArray(value) || !value.every((one) => typeof one === "string")) return wrong(name, "a list of texts");
    fields.set(name, value.join(","));
  }
  return ok(fields);
}
