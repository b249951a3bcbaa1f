import { err, ok, type Result, refusal, type ScimError, seconds } from "../core/index.ts";
import type { Reply, Request, Route } from "../http/index.ts";
import type { PushError, Pusher } from "../operations/index.ts";
import type { Attributes, Resource } from "../provisioning/index.ts";
import { pusherOf } from "./caller.ts";
import type { ScimDeps } from "./deps.ts";
import type { Filter } from "./filter.ts";
import { matches } from "./filter-match.ts";
import type { ResourceKind } from "./kinds.ts";
import { pageOf, readListQuery } from "./list.ts";
import { applyPatch } from "./patch.ts";
import { readAttributes } from "./read-attributes.ts";
import { readSelection, type Selection, type Shown, shownResource, tagOf } from "./shown.ts";

/** Where SCIM stands. */
export const basePath = "/scim/v2";

/** Answers JSON of SCIM. */
export const scimJson = (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Reply => ({
  kind: "json",
  status,
  body,
  headers,
  type: "application/scim+json",
});

type Answer = Promise<Result<Reply, ScimError>>;
type Handle = (request: Request, pusher: Pusher) => Answer;

/** Makes a route that only an identity provider's own token opens. */
export const scimRoute = (deps: ScimDeps, method: Route["method"], path: string, handle: Handle): Route => ({
  method,
  path: `${basePath}${path}`,
  errorFormat: "scim",
  body: method === "POST" || method === "PUT" || method === "PATCH" ? "scim" : "none",
  handle: async (request) => {
    const pusher = await pusherOf(deps, request);
    return pusher.ok ? handle(request, pusher.value) : pusher;
  },
});

/** So often a change is made anew of what the resource is by then. */
const tries = 50;

/** Reading and changing the resources of one kind (RFC 7644 sections 3.3 to 3.6). */
export function resourceRoutes(deps: ScimDeps, kind: ResourceKind): Route[] {
  const { schema, endpoint } = kind;
  const one = `${endpoint}/{id}`;
  return [
    scimRoute(deps, "GET", endpoint, (request, pusher) => list(deps, kind, request, pusher)),
    scimRoute(deps, "GET", one, async (request, { source }) => {
      const select = selectionOf(kind, request);
      if (!select.ok) return select;
      const found = await kind.find(deps, source, idOf(request));
      return found ? ok(replyOf(deps, kind, found, select.value)) : notThere;
    }),
    scimRoute(deps, "POST", endpoint, async (request, pusher) => {
      const select = selectionOf(kind, request);
      const attributes = readAttributes(schema, request.json);
      if (!select.ok) return select;
      if (!attributes.ok) return attributes;
      const added = await kind.add(attributes.value, deps, pusher);
      return added.ok ? ok(replyOf(deps, kind, added.value, select.value, 201)) : said(added.refusal);
    }),
    scimRoute(deps, "PUT", one, (request, pusher) =>
      change(deps, kind, request, pusher, () => readAttributes(schema, request.json)),
    ),
    scimRoute(deps, "PATCH", one, (request, pusher) =>
      change(deps, kind, request, pusher, ({ attributes }) => applyPatch(schema, attributes, request.json)),
    ),
    scimRoute(deps, "DELETE", one, (request, pusher) => remove(deps, kind, request, pusher)),
  ];
}

const notThere = err(refusal("not_found", "there is no such resource"));
const changedMeanwhile = err(refusal("precondition_failed", "somebody changed the resource meanwhile. Read it again"));

const said = (problem: PushError): Result<never, ScimError> =>
  problem.code === "stale" ? changedMeanwhile : err(problem);

const idOf = ({ params }: Request): string => params.get("id") ?? "";

const selectionOf = ({ schema }: ResourceKind, { query }: Request): Result<Selection, ScimError> =>
  readSelection(schema, { attributes: query.get("attributes"), excluded: query.get("excludedAttributes") });

function replyOf({ issuer }: ScimDeps, kind: ResourceKind, resource: Resource, select: Selection, status = 200): Reply {
  const shown = shownResource(`${issuer}${basePath}`, kind, resource);
  const location = `${issuer}${basePath}${kind.endpoint}/${resource.id}`;
  return scimJson(select(shown), status, { etag: tagOf(resource), location });
}

async function list(deps: ScimDeps, kind: ResourceKind, { query }: Request, pusher: Pusher): Answer {
  const asked = readListQuery(kind.schema, query);
  if (!asked.ok) return asked;
  const found = await foundBy(deps, kind, pusher, asked.value.filter);
  return found.ok ? ok(scimJson(pageOf(found.value, asked.value))) : found;
}

/** Lists for which all that an identity provider pushed is read, by one token. */
const wholeLists = { name: "scim-lists", limit: 60, window: seconds(60) } as const;

/** The resources of a kind for which a filter holds, as they are shown. */
export async function foundBy(
  deps: ScimDeps,
  kind: ResourceKind,
  { source, by }: Pusher,
  filter: Filter | undefined,
): Promise<Result<readonly Shown[], ScimError>> {
  if (filter === undefined || !kind.isFoundBy(filter)) {
    const key = deps.seal.hash("scim lists", JSON.stringify([source.tenant, source.identityProvider, by]));
    if (!(await deps.store.spend(wholeLists, key)).granted)
      return err(
        refusal("too_many_requests", "too many lists: wait a minute, or filter by id, userName or externalId"),
      );
  }
  const base = `${deps.issuer}${basePath}`;
  const all = (await kind.list(deps, source, filter)).map((one) => shownResource(base, kind, one));
  return ok(filter === undefined ? all : all.filter((shown) => matches(filter, shown)));
}

/** Whether the resource is one of those that `If-Match` names; absent, it always is (RFC 9110 section 13.1.1). */
function isMeant({ ifMatch }: Request, { version }: Resource): boolean {
  if (ifMatch === undefined || ifMatch.trim() === "*") return true;
  return ifMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === `"${version}"`);
}

async function change(
  deps: ScimDeps,
  kind: ResourceKind,
  request: Request,
  pusher: Pusher,
  wanted: (seen: Resource) => Result<Attributes, ScimError>,
): Answer {
  const select = selectionOf(kind, request);
  if (!select.ok) return select;
  for (let left = tries; left > 0; left--) {
    const seen = await kind.find(deps, pusher.source, idOf(request));
    if (seen === undefined) return notThere;
    if (!isMeant(request, seen)) return changedMeanwhile;
    const attributes = wanted(seen);
    if (!attributes.ok) return attributes;
    const changed = await kind.change({ seen, attributes: attributes.value }, deps, pusher);
    if (changed.ok) return ok(replyOf(deps, kind, changed.value, select.value));
    if (changed.refusal.code !== "stale") return err(changed.refusal);
  }
  return changedMeanwhile;
}

async function remove(deps: ScimDeps, kind: ResourceKind, request: Request, pusher: Pusher): Answer {
  for (let left = tries; left > 0; left--) {
    const seen = await kind.find(deps, pusher.source, idOf(request));
    if (seen === undefined) return notThere;
    if (!isMeant(request, seen)) return changedMeanwhile;
    const removed = await kind.remove(seen, deps, pusher);
    if (removed.ok) return ok({ kind: "empty", status: 204 });
    if (removed.refusal.code !== "stale") return err(removed.refusal);
  }
  return changedMeanwhile;
}
