import { type ApiProblem, ok, type Result } from "../../core/index.ts";
import { type Reply, type Request, type Route, type Session, seeOther } from "../../http/index.ts";
import {
  type Caller,
  makeScimToken,
  reachTenant,
  revokeScimToken,
  scimTokenDays,
  showDirectory,
} from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { directoryTexts } from "../words/directory.ts";
import { directoryPage, madeTokenPage, type TypedToken } from "./directory.ts";
import { addressOf } from "./frame.ts";
import type { FieldProblem } from "./problem-summary.ts";
import { type Shown, tenantOf, type Visit } from "./visit.ts";
import { formTokenOf, type Visitors } from "./visitor.ts";

const makeForm = "console make scim token";
const revokeForm = "console revoke scim token";

const page = (html: string): Result<Reply, ApiProblem> => ok({ kind: "page", status: 200, html });
const typedIn = ({ form }: Request): TypedToken => ({
  identityProvider: form.get("identity_provider"),
  days: form.get("days"),
});

/** Which identity providers push a tenant's people, and their tokens. */
export function directoryRoutes(deps: ConsoleDeps, { shows, does }: Visitors): Route[] {
  const path = "/console/{tenant}/directory";
  const show = (request: Request, caller: Caller, session: Session) => list({ deps, request, caller, session });
  return [
    shows(path, show),
    does(path, makeForm, (request, caller, session) => make({ deps, request, caller, session }), {
      fresh: true,
      again: show,
    }),
    does(`${path}/{token}/revoke`, revokeForm, (request, caller) => revoke(deps, request, caller)),
  ];
}

async function list({ deps, request, caller, session }: Visit, problems?: readonly FieldProblem[]): Shown {
  const tenant = tenantOf(request);
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const directory = await showDirectory({ tenant }, deps, caller);
  if (!directory.ok) return directory;
  return page(
    directoryPage(request.language, {
      reached: reached.value,
      directory: directory.value,
      issuer: deps.issuer,
      makeToken: formTokenOf(deps, session, makeForm, tenant),
      revokeToken: (id) => formTokenOf(deps, session, revokeForm, tenant, id),
      typed: typedIn(request),
      ...(problems && { problems }),
    }),
  );
}

async function make(visit: Visit): Shown {
  const { deps, request, caller } = visit;
  const tenant = tenantOf(request);
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const { identityProvider, days = "" } = typedIn(request);
  const wanted = /^\d{1,3}$/.test(days.trim()) ? Number(days) : 0;
  if (wanted < 1 || wanted > scimTokenDays.most)
    return list(visit, [{ field: "days", message: directoryTexts[request.language].wrongDays }]);
  const made = await makeScimToken({ tenant, identityProvider, days: wanted }, deps, caller);
  if (made.ok) return page(madeTokenPage(request.language, reached.value, made.value));
  const { code, message } = made.refusal;
  if (code !== "conflict" && code !== "invalid_input") return made;
  return list(visit, [{ field: undefined, message, english: true }]);
}

/** Sent twice, it leads to the same page: what is not there is revoked. */
async function revoke(deps: ConsoleDeps, request: Request, caller: Caller): Shown {
  const tenant = tenantOf(request);
  const revoked = await revokeScimToken({ tenant, token: request.params.get("token") ?? "" }, deps, caller);
  const isGone = !revoked.ok && revoked.refusal.message === "there is no such token";
  return revoked.ok || isGone ? ok(seeOther(addressOf(tenant, "directory"))) : revoked;
}
