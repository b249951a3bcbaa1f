import { ok } from "../../core/index.ts";
import type { Request, Route } from "../../http/index.ts";
import { type Caller, listPlaces, listRightsAt, type Place, reachTenant } from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { placesPage, rightsPage } from "./places.ts";
import type { Shown } from "./visit.ts";
import type { Visitors } from "./visitor.ts";

/** So many rows stand on a page. */
const rows = 50;

/** Who has what, by project and by namespace. */
export const placesRoutes = (deps: ConsoleDeps, { shows }: Visitors): Route[] => [
  shows("/console/{tenant}/places", (request, caller) => places(deps, request, caller)),
  shows("/console/{tenant}/places/{target}/{kind}/{place}", (request, caller) => rights(deps, request, caller)),
];

/** Which part of a list is asked for. */
const partOf = ({ params, query }: Request) => ({
  tenant: params.get("tenant") ?? "",
  search: (query.get("search") ?? "").slice(0, 256),
  after: query.get("after"),
});

async function places(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const part = partOf(request);
  const reached = reachTenant(deps, caller, part.tenant);
  if (!reached.ok) return reached;
  const found = await listPlaces({ ...part, limit: rows }, deps, caller);
  if (!found.ok) return found;
  const html = placesPage(request.language, { ...found.value, ...part, reached: reached.value });
  return ok({ kind: "page", status: 200, html });
}

async function rights(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const part = partOf(request);
  const [target = "", kind = "", name = ""] = ["target", "kind", "place"].map((one) => request.params.get(one));
  const place = { target, kind, name };
  const reached = reachTenant(deps, caller, part.tenant);
  if (!reached.ok) return reached;
  const found = await listRightsAt({ ...part, place, limit: rows }, deps, caller);
  if (!found.ok) return found;
  const shown = { ...found.value, ...part, reached: reached.value, place: place as Place, now: deps.clock.now() };
  return ok({ kind: "page", status: 200, html: rightsPage(request.language, shown) });
}
