import { type ApiProblem, err, ok, type Result, refusal } from "../../core/index.ts";
import { type Caller, reachTenant } from "../console/caller.ts";
import { type PageOf, pageOf } from "../console/page-of.ts";
import type { AccessDeps } from "./deps.ts";
import { readRequest, requestsBy } from "./record.ts";
import { isSelf } from "./self.ts";
import { settled } from "./settle.ts";
import { type ShownRequest, shownRequest } from "./show.ts";

/** A request as it is shown to who may see the tenant. */
export interface TenantRequest extends ShownRequest {
  /** Whether the caller may decide it now. */
  readonly mayDecide: boolean;
}

/** What people of a tenant asked for, the newest first; all, or those that wait. */
export async function listRequests(
  {
    tenant,
    waiting = false,
    ...page
  }: {
    readonly tenant: string;
    readonly waiting?: boolean;
    readonly after?: string | undefined;
    readonly limit: number;
  },
  deps: AccessDeps,
  caller: Caller,
): Promise<Result<PageOf<TenantRequest>, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const { mayDecide } = reached.value;
  const now = deps.clock.now();
  const all = (await requestsBy(deps, { tenant: reached.value.tenant.name })).filter(
    ({ value }) => !waiting || value.state === "approving" || (value.state === "asked" && now < value.waitsUntil),
  );
  const { items, ...rest } = pageOf(all, ({ id }) => id, page);
  const shown = await Promise.all(items.map(async (one) => shownRequest(await settled(one, deps), deps)));
  return ok({ ...rest, items: shown.map((one) => withPower(one, mayDecide, caller)) });
}

/** One request of a tenant. */
export async function showRequest(
  { tenant, request: id }: { readonly tenant: string; readonly request: string },
  deps: AccessDeps,
  caller: Caller,
): Promise<Result<TenantRequest, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const value = await readRequest(deps, id);
  if (value === undefined || value.tenant !== reached.value.tenant.name)
    return err(refusal("not_found", "there is no such request"));
  const shown = await shownRequest(await settled({ id, value }, deps), deps);
  return ok(withPower(shown, reached.value.mayDecide, caller));
}

const withPower = (request: ShownRequest, mayDecide: boolean, { person }: Caller): TenantRequest => ({
  ...request,
  mayDecide: mayDecide && request.state === "asked" && !isSelf(request, person),
});
