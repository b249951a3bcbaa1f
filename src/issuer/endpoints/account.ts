import { err, ok, type PageError, type Result, refusal } from "../../core/index.ts";
import {
  type Language,
  type ListedSession,
  type Reply,
  type Request,
  type Route,
  type Session,
  seeOther,
} from "../../http/index.ts";
import { endHoldings, type HeldLogin, holdingsOf, type Wish } from "../account/holdings.ts";
import { accountPage, type Item } from "../account/pages.ts";
import type { IssuerDeps } from "../deps.ts";
import { programName } from "../views/parts.ts";
import { words } from "../words/index.ts";

type Deps = Pick<IssuerDeps, "audit" | "clients" | "clock" | "notifyClient" | "policy" | "sessions" | "store">;

/** The page's forms; the token of one thing ends no other (S-16). */
const hop = "account";
const nameOf = (wish: Pick<Wish, "what"> & { id?: string }): string => `${wish.what} ${wish.id ?? ""}`;

const endings = ["one", "all", "disowned"] as const;
type Ending = (typeof endings)[number];

/** A person's own sessions and logins (S-10). Looking changes nothing; every end is a form of this page. */
export function accountRoutes(deps: Deps): Route[] {
  return [
    {
      method: "GET",
      path: "/account",
      errorFormat: "page",
      typed: true,
      handle: (request) => (request.session ? show(deps, request, request.session) : ok(seeOther("/login?to=account"))),
    },
    { method: "POST", path: "/account/end", errorFormat: "page", handle: (request) => end(deps, request) },
  ];
}

async function show(deps: Deps, request: Request, session: Session): Promise<Result<Reply, PageError>> {
  const { language } = request;
  const { here, browsers, logins } = await holdingsOf(deps, session);
  const said = endings.find((e) => e === request.query.get("ended"));
  const html = accountPage(language, {
    person: session.person,
    now: deps.clock.now(),
    here: here && browserItem(deps, session, language, here),
    browsers: browsers.map((b) => browserItem(deps, session, language, b)),
    logins: logins.map((l) => loginItem(deps, session, language, l)),
    allToken: deps.sessions.formToken(session, hop, nameOf({ what: "all" })),
    mayAsk: deps.policy.rules.get(session.person.tenant)?.requestable !== undefined,
    ended: said && words[language].account.ended[said],
  });
  return ok({ kind: "page", status: 200, html });
}

const browserItem = (deps: Deps, session: Session, language: Language, b: ListedSession): Item => ({
  id: b.id,
  formToken: deps.sessions.formToken(session, hop, nameOf({ what: "session", id: b.id })),
  name: words[language].account.browser,
  address: b.browser?.address,
  userAgent: b.browser?.userAgent,
  startedAt: b.startedAt,
  usedAt: b.seenAt,
  endsAt: b.endsAt,
});

const loginItem = (deps: Deps, session: Session, language: Language, { id, login }: HeldLogin): Item => ({
  id,
  formToken: deps.sessions.formToken(session, hop, nameOf({ what: "login", id })),
  name: programName(language, deps.policy, deps.clients.get(login.client), login.client),
  address: login.origin?.address,
  userAgent: login.origin?.userAgent,
  startedAt: login.startedAt,
  usedAt: login.refreshedAt,
  endsAt: login.expiresAt,
  how: login.loginMethod === "device" ? words[language].account.byDevice : words[language].account.byBrowser,
  remembers: login.loginMethod === "browser" && deps.clients.get(login.client)?.consent === "remember",
});

async function end(deps: Deps, request: Request): Promise<Result<Reply, PageError>> {
  const { session, form, address } = request;
  if (!session) return err(refusal("login_required", "Your session has ended."));
  const wish = readWish(request);
  if (!wish) return err(refusal("invalid_request", "The form does not say what to end."));
  if (!deps.sessions.isFormToken(session, hop, nameOf(wish), form.get("form_token"))) {
    return err(refusal("forged_form", "The form is not the one we gave to this browser."));
  }
  await endHoldings(deps, session, address, wish);
  const said: Ending = wish.what === "all" ? "all" : wish.what === "login" && wish.disowned ? "disowned" : "one";
  return ok(seeOther(`/account?ended=${said}`));
}

function readWish({ form }: Request): Wish | undefined {
  const [what, id] = [form.get("what"), form.get("id")];
  if (what === "all") return { what };
  if (id === undefined) return undefined;
  if (what === "login") return { what, id, disowned: form.get("reason") === "disowned" };
  return what === "session" ? { what, id } : undefined;
}
