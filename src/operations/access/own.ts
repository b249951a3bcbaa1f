import { type ApiProblem, err, ok, type Result, refusal } from "../../core/index.ts";
import { type PageOf, pageOf } from "../console/page-of.ts";
import type { AccessDeps, Asker } from "./deps.ts";
import { type KeptRequest, moveRequest, readRequest, requestsBy } from "./record.ts";
import { settled } from "./settle.ts";
import { type ShownRequest, shownRequest } from "./show.ts";

/** What the asker asked for, the newest first, and what became of it. */
export async function listOwnRequests(
  page: { readonly after?: string | undefined; readonly limit: number },
  deps: AccessDeps,
  { person }: Asker,
): Promise<Result<PageOf<ShownRequest>, ApiProblem>> {
  const all = await requestsBy(deps, { sub: person.sub });
  const { items, ...rest } = pageOf(all, ({ id }) => id, page);
  const shown = await Promise.all(items.map(async (one) => shownRequest(await settled(one, deps), deps)));
  return ok({ ...rest, items: shown });
}

/** One of the asker's own; somebody else's is not found (S-46). */
export async function showOwnRequest(
  { request }: { readonly request: string },
  deps: AccessDeps,
  asker: Asker,
): Promise<Result<ShownRequest, ApiProblem>> {
  const found = await ownRequest(request, deps, asker);
  return found.ok ? ok(await shownRequest(found.value, deps)) : found;
}

/** Withdraws a request that nobody decided. Withdrawn again it is withdrawn. */
export async function withdrawRequest(
  { request }: { readonly request: string },
  deps: AccessDeps,
  asker: Asker,
): Promise<Result<ShownRequest, ApiProblem>> {
  const found = await ownRequest(request, deps, asker);
  if (!found.ok) return found;
  const { id, value } = found.value;
  const { won, now } = await moveRequest(deps, id, ["asked"], { state: "withdrawn", decidedAt: deps.clock.now() });
  if (won) deps.audit.record("access.withdrawn", { request: id, tenant: value.tenant, sub: value.sub });
  if (now === undefined) return err(notThere);
  if (won || now.state === "withdrawn") return ok(await shownRequest({ id, value: now }, deps));
  const why = now.state === "approving" ? "is being approved at this moment" : `is ${now.state} already`;
  return err(refusal("conflict", `the request ${why}. Look at it anew`));
}

const notThere = refusal("not_found", "there is no such request");

async function ownRequest(id: string, deps: AccessDeps, { person }: Asker): Promise<Result<KeptRequest, ApiProblem>> {
  const value = await readRequest(deps, id);
  if (value === undefined || value.sub !== person.sub) return err(notThere);
  return ok(await settled({ id, value }, deps));
}
