import { err, ok, type PageError, type Result, refusal, seconds, type TenantName } from "../../core/index.ts";
import {
  type Fields,
  json,
  pageRoute,
  type Reply,
  type Request,
  type Route,
  type Session,
  seeOther,
} from "../../http/index.ts";
import type { Tenant } from "../../policy/index.ts";
import type { RelyingPartyDeps } from "../deps.ts";
import { callbackPath, type Realm } from "../realm.ts";
import { arrive, begin, type Coming, claim, release, settle } from "./attempt.ts";
import { chooseIdentityProvider, type Wish } from "./choose.ts";
import { type Destination, readDestination } from "./destination.ts";
import { choosePage, leavingPage, memberPage, momentPage, signInPage, switchPage } from "./pages.ts";

type Deps = Pick<
  RelyingPartyDeps,
  | "audit"
  | "clientJwks"
  | "clock"
  | "fetch"
  | "identityProviders"
  | "insecure"
  | "issuer"
  | "networks"
  | "options"
  | "policy"
  | "provisioned"
  | "random"
  | "seal"
  | "sessions"
  | "store"
  | "times"
>;

/** Where the realm reads the keys that verify our client assertions. */
const clientJwksPath = "/upstream/jwks";

/** Signing people in: choose the organization, go there, come back. */
export function signInRoutes(deps: Deps, realm: Realm): Route[] {
  return [
    { ...pageRoute("GET", "/login", (request) => getLogin(deps, realm, request)), typed: true, begins: true },
    { method: "POST", path: "/login", errorFormat: "page", handle: (request) => postLogin(deps, realm, request) },
    { ...pageRoute("GET", callbackPath, (request) => callback(deps, realm, request)), begins: true },
    { method: "GET", path: failedPath, errorFormat: "page", handle: () => providerFailed },
    {
      method: "GET",
      path: clientJwksPath,
      errorFormat: "oauth",
      public: { maxAge: seconds(60) },
      handle: () => ok(json(deps.clientJwks())),
    },
  ];
}

/**
 * Where Keycloak's error pages lead back to: most errors of an identity provider end there and not in the callback, and a
 * page of ours says what it means (`baseUrl` of our client in the realm).
 */
const failedPath = "/login/failed";
const providerFailed = err(
  refusal(
    "provider_failed",
    "Your identity provider ended the sign-in with an error.",
    "back from the realm's error page",
  ),
);

/** The form by which somebody who is signed in already signs in again; its token opens no other (S-16). */
const hop = "login switch";

/**
 * Asks for the e-mail address, unless the link names the tenant or there is only one. Who is signed in already is asked
 * first: a link of anybody's must not make the browser somebody else's (S-20).
 */
async function getLogin(deps: Deps, realm: Realm, request: Request): Promise<Result<Reply, PageError>> {
  const named = request.query.get("tenant");
  const destination = readDestination(request.query);
  const tenants = [...deps.policy.tenants.values()];
  const chosen =
    named === undefined ? (tenants.length === 1 ? tenants[0] : undefined) : tenants.find((t) => t.name === named);
  const identityProvider = request.query.get("idp");
  if (chosen && request.session)
    return askToSwitch(deps, request, request.session, chosen, { ...destination, identityProvider });
  if (chosen) return leave(deps, realm, request, chosen, { ...destination, identityProvider });
  if (named !== undefined) return err(refusal("unknown_tenant", "The link names an organization that is not here."));
  return ok({ kind: "page", status: 200, html: signInPage(request.language, destination.carried) });
}

function askToSwitch(
  deps: Deps,
  request: Request,
  session: Session,
  tenant: Tenant,
  { carried, returnTo, identityProvider }: Way,
): Result<Reply, PageError> {
  const hidden = [
    ...hiddenFor(deps, session, tenant),
    ...(identityProvider === undefined ? [] : [["idp", identityProvider] as const]),
    ...carried,
  ];
  const about = { person: session.person, organization: tenant.displayName, hidden, returnTo };
  return ok({ kind: "page", status: 200, html: switchPage(request.language, about) });
}

/** Where a person goes, and through which identity provider, as far as that is said. */
interface Way extends Destination, Wish {
  readonly email?: string | undefined;
}

/** What a form says that has chosen the tenant; for who is signed in with the token by which it is ours. */
const hiddenFor = (deps: Deps, session: Session | undefined, { name }: Tenant): [string, string][] => [
  ["tenant", name],
  ...(session ? [["form_token", deps.sessions.formToken(session, hop, name)] as [string, string]] : []),
];

async function postSwitch(
  deps: Deps,
  realm: Realm,
  request: Request,
  named: string,
): Promise<Result<Reply, PageError>> {
  const { session, form } = request;
  if (session && !deps.sessions.isFormToken(session, hop, named, form.get("form_token"))) {
    return err(refusal("forged_form", "The form is not the one we gave to this browser."));
  }
  const tenant = deps.policy.tenants.get(named as TenantName);
  if (!tenant) return err(refusal("unknown_tenant", "The form names an organization that is not here."));
  const { email, domain } = readEmail(form) ?? {};
  return leave(deps, realm, request, tenant, {
    ...readDestination(form),
    identityProvider: form.get("idp"),
    email,
    domain,
  });
}

async function postLogin(deps: Deps, realm: Realm, request: Request): Promise<Result<Reply, PageError>> {
  const named = request.form.get("tenant");
  if (named !== undefined) return postSwitch(deps, realm, request, named);
  const typed = readEmail(request.form);
  if (typed === undefined) return err(refusal("invalid_request", "That is not an e-mail address."));
  const { email, domain } = typed;
  const tenant = deps.policy.tenantOfEmailDomain(domain);
  if (!tenant) return err(refusal("unknown_tenant", `No organization here has the e-mail domain ${domain}.`));
  return leave(deps, realm, request, tenant, {
    ...readDestination(request.form),
    identityProvider: undefined,
    email,
    domain,
  });
}

/** The address in a form, if there is one. */
function readEmail(form: Fields): { readonly email: string; readonly domain: string } | undefined {
  const email = form.get("email")?.trim() ?? "";
  const domain = /^[^@\s]{1,64}@([^@\s]{1,190})$/.exec(email)?.[1];
  return domain === undefined ? undefined : { email, domain };
}

async function leave(
  deps: Deps,
  realm: Realm,
  request: Request,
  tenant: Tenant,
  to: Way,
): Promise<Result<Reply, PageError>> {
  const choice = chooseIdentityProvider(deps.identityProviders, tenant, to);
  if (!choice.ok) return choice;
  if ("among" in choice.value) {
    const hidden = [...hiddenFor(deps, request.session, tenant), ...to.carried];
    const about = { organization: tenant.displayName, among: choice.value.among, hidden };
    return ok({ kind: "page", status: 200, html: choosePage(request.language, about) });
  }
  const { identityProvider } = choice.value;
  const { returnTo, fresh, email } = to;
  const isMembers = deps.identityProviders.organizationOf(identityProvider) !== undefined;
  if (isMembers && email === undefined) return askEmail(deps, request, tenant, to, identityProvider);
  const wish = { tenant: tenant.name, identityProvider, email, returnTo, fresh, address: request.address };
  const begun = await begin(deps, realm, wish, request.cookie);
  if (!begun.ok) return begun;
  const html = leavingPage(request.language, tenant.displayName, begun.value.location);
  return ok({ kind: "page", status: 200, html, cookies: [begun.value.cookie] } satisfies Reply);
}

/** A member's account is called by the e-mail address, which a link does not say. */
function askEmail(
  deps: Deps,
  { language, session }: Request,
  tenant: Tenant,
  { carried }: Way,
  identityProvider: string,
): Result<Reply, PageError> {
  const hidden = [...hiddenFor(deps, session, tenant), ["idp", identityProvider] as const, ...carried];
  return ok({ kind: "page", status: 200, html: memberPage(language, tenant.displayName, hidden) });
}

async function callback(deps: Deps, realm: Realm, request: Request): Promise<Result<Reply, PageError>> {
  const url = new URL(`${deps.issuer}${callbackPath}`);
  for (const [name, value] of request.query) url.searchParams.set(name, value);
  const claimed = await claim(deps, { callback: url, cookie: request.cookie });
  switch (claimed.kind) {
    case "refused":
      return refuse(deps, request, claimed.refusal, claimed.about);
    case "arrived":
      return ok(seeOther(claimed.returnTo, [deps.sessions.cookie(claimed.session)]));
    case "under way": {
      const html = momentPage(request.language, `${callbackPath}${url.search}`);
      return ok({ kind: "page", status: 200, html });
    }
    case "first":
      return finish(deps, realm, request, url, claimed.coming).catch(async (problem: unknown) => {
        await release(deps, claimed.coming);
        throw problem;
      });
  }
}

function refuse(deps: Deps, { address }: Request, why: PageError, about?: Coming["about"]): Result<Reply, PageError> {
  const { code, detail } = why;
  deps.audit.record("login.refused", {
    tenant: about?.tenant,
    upstream: about?.identityProvider,
    address,
    code,
    detail,
  });
  return err(why);
}

/** Asks the realm, and begins the session. */
async function finish(
  deps: Deps,
  realm: Realm,
  request: Request,
  url: URL,
  coming: Coming,
): Promise<Result<Reply, PageError>> {
  const arrived = await arrive(deps, realm, url, coming);
  if (!arrived.ok) {
    await settle(deps, coming, { refused: arrived.refusal });
    return refuse(deps, request, arrived.refusal, coming.about);
  }
  const { person, realmGrant, returnTo } = arrived.value;
  const { address, userAgent } = request;
  const fields = { sub: person.sub, tenant: person.tenant, upstream: person.identityProvider, address };
  const cookie = await deps.audit.before([["login.succeeded", fields]], async () => {
    if (request.session) await deps.sessions.end(request.session);
    const started = await deps.sessions.start(person, realmGrant, { address, userAgent });
    await settle(deps, coming, { session: started.cookie.value ?? "" });
    return started.cookie;
  });
  return ok(seeOther(returnTo, [cookie]));
}
