import { no, ok, type Result, refusal, seconds, type TenantName } from "../../core/index.ts";
import { json, type Reply, type Request, type Route, type Session, seeOther } from "../../http/index.ts";
import type { Tenant } from "../../policy/index.ts";
import type { UpstreamDeps } from "../deps.ts";
import { callbackPath, type Realm } from "../realm.ts";
import { arrive, attemptCookie, begin } from "./attempt.ts";
import { type Destination, readDestination } from "./destination.ts";
import { leavingPage, signInPage, switchPage } from "./pages.ts";

/** Where the realm reads the keys that verify our client assertions. */
export const clientJwksPath = "/upstream/jwks";

/** Signing people in: choose the organization, go there, come back. */
export function loginRoutes(deps: UpstreamDeps, realm: Realm): Route[] {
  return [
    { method: "GET", path: "/login", tongue: "page", typed: true, handle: (request) => getLogin(deps, realm, request) },
    { method: "POST", path: "/login", tongue: "page", handle: (request) => postLogin(deps, realm, request) },
    { method: "GET", path: callbackPath, tongue: "page", handle: (request) => callback(deps, realm, request) },
    {
      method: "GET",
      path: clientJwksPath,
      tongue: "oauth",
      public: { maxAge: seconds(60) },
      handle: () => ok(json(deps.clientJwks())),
    },
  ];
}

/** The form by which somebody who is signed in already signs in once more; its token opens no other (S-16). */
const hop = "login switch";

/**
 * Asks for the e-mail address, unless the link names the tenant or there is only one. Who is signed in already is asked
 * first: a link of anybody's must not make the browser somebody else's (S-20).
 */
async function getLogin(deps: UpstreamDeps, realm: Realm, request: Request): Promise<Result<Reply>> {
  const named = request.query.get("tenant");
  const destination = readDestination(request.query);
  const tenants = [...deps.policy.tenants.values()];
  const chosen =
    named === undefined ? (tenants.length === 1 ? tenants[0] : undefined) : tenants.find((t) => t.name === named);
  if (chosen && request.session) return askToSwitch(deps, request, request.session, chosen, destination);
  if (chosen) return leave(deps, realm, request, chosen, destination);
  if (named !== undefined) return no(refusal("unknown_tenant", "The link names an organization that is not here."));
  return ok({ kind: "page", status: 200, html: signInPage(request.language, destination.carried) });
}

function askToSwitch(
  deps: UpstreamDeps,
  request: Request,
  session: Session,
  tenant: Tenant,
  { carried, returnTo }: Destination,
): Result<Reply> {
  const formToken = deps.sessions.formToken(session, hop, tenant.name);
  const hidden = [["tenant", tenant.name], ["form_token", formToken], ...carried] as const;
  const about = { person: session.person, organization: tenant.displayName, hidden, returnTo };
  return ok({ kind: "page", status: 200, html: switchPage(request.language, about) });
}

async function postSwitch(deps: UpstreamDeps, realm: Realm, request: Request, named: string): Promise<Result<Reply>> {
  const { session, form } = request;
  if (session && !deps.sessions.isFormToken(session, hop, named, form.get("form_token"))) {
    return no(refusal("forged_form", "The form is not the one we gave to this browser."));
  }
  const tenant = deps.policy.tenants.get(named as TenantName);
  if (!tenant) return no(refusal("unknown_tenant", "The form names an organization that is not here."));
  return leave(deps, realm, request, tenant, readDestination(form));
}

async function postLogin(deps: UpstreamDeps, realm: Realm, request: Request): Promise<Result<Reply>> {
  const named = request.form.get("tenant");
  if (named !== undefined) return postSwitch(deps, realm, request, named);
  const email = request.form.get("email")?.trim() ?? "";
  const domain = /^[^@\s]{1,64}@([^@\s]{1,190})$/.exec(email)?.[1];
  if (domain === undefined) return no(refusal("invalid_request", "That is not an e-mail address."));
  const tenant = deps.policy.tenantOfEmailDomain(domain);
  if (!tenant) return no(refusal("unknown_tenant", `No organization here has the e-mail domain ${domain}.`));
  return leave(deps, realm, request, tenant, readDestination(request.form));
}

async function leave(deps: UpstreamDeps, realm: Realm, request: Request, tenant: Tenant, to: Destination) {
  const [alias] = tenant.upstreams;
  if (alias === undefined) return no(refusal("unknown_tenant", "This organization has no identity provider yet."));
  const closed = deps.providers.closed(alias);
  if (closed) return no(closed);
  const { returnTo, fresh } = to;
  const begun = await begin(deps, realm, { tenant: tenant.name, alias, returnTo, fresh, address: request.address });
  if (!begun.ok) return begun;
  const html = leavingPage(request.language, tenant.displayName, begun.value.location);
  return ok({ kind: "page", status: 200, html, cookies: [begun.value.cookie] } satisfies Reply);
}

async function callback(deps: UpstreamDeps, realm: Realm, request: Request): Promise<Result<Reply>> {
  const url = new URL(`${deps.issuer}${callbackPath}`);
  for (const [name, value] of request.query) url.searchParams.set(name, value);
  const cookie = attemptCookie(deps);
  const arrived = await arrive(deps, realm, { callback: url, browser: request.cookie(cookie) });
  const { address } = request;
  if (!arrived.ok) {
    const { code, because } = arrived.refusal;
    deps.audit.record("login.refused", { tenant: arrived.tenant, upstream: arrived.upstream, address, code, because });
    return arrived;
  }
  const { person, upstreamGrant, returnTo } = arrived.value;
  if (request.session) await deps.sessions.end(request.session);
  const started = await deps.sessions.start(person, upstreamGrant, { address, userAgent: request.userAgent });
  deps.audit.record("login.succeeded", { sub: person.sub, tenant: person.tenant, upstream: person.upstream, address });
  return ok(seeOther(returnTo, [started.cookie, { name: cookie, value: undefined }]));
}
