import { type BearerError, type LoginId, ok, type Result } from "../../core/index.ts";
import { json, type ListedSession, type Reply, type Request, type Route } from "../../http/index.ts";
import { endEverything, endHoldings, type HeldLogin, type Holder, holdingsOf, type Wish } from "../account/holdings.ts";
import type { IssuerDeps } from "../deps.ts";
import { programName } from "../views/parts.ts";
import { readCommand } from "./command.ts";

type Deps = Pick<
  IssuerDeps,
  | "audit"
  | "clients"
  | "clock"
  | "events"
  | "issuer"
  | "networks"
  | "notifyClient"
  | "policy"
  | "relyingParty"
  | "seal"
  | "sessions"
  | "store"
  | "verifyAccessToken"
>;

/**
 * A person's own browsers and logins, as on the page /account, for the command: `GET /sessions`, and `DELETE` of one or, at
 * the address of all, of all but the login that asks; with `everywhere=true` of that one and of the sign-ins at the realm, too
 * (S-10, S-46).
 */
export function sessionsRoutes(deps: Deps): Route[] {
  const route = (
    method: "GET" | "DELETE",
    path: string,
    answer: (holder: Holder, request: Request) => Promise<Result<Reply, BearerError>>,
  ): Route => ({
    method,
    path,
    errorFormat: "bearer",
    handle: async (request) => {
      const holder = await holderOf(deps, request);
      return holder.ok ? answer(holder.value, request) : holder;
    },
  });
  return [
    route("GET", "/sessions", async (holder) => ok(json(await listed(deps, holder)))),
    route("DELETE", "/sessions", (holder, request) =>
      request.query.get("everywhere") === "true"
        ? endAll(deps, holder, request)
        : end(deps, holder, request, { what: "all" }),
    ),
    route("DELETE", "/sessions/{id}", async (holder, request) => {
      const id = request.params.get("id") ?? "";
      const { logins } = await holdingsOf(deps, holder);
      const isLogin = logins.some((login) => login.id === id);
      const disowned = request.query.get("reason") === "disowned";
      return end(deps, holder, request, isLogin ? { what: "login", id, disowned } : { what: "session", id });
    }),
  ];
}

async function holderOf(deps: Deps, request: Request): Promise<Result<Holder, BearerError>> {
  const asking = await readCommand(deps, request);
  if (!asking.ok) return asking;
  const { login, token } = asking.value;
  return ok({ person: login.person, login: token.sid as LoginId });
}

async function listed(deps: Deps, holder: Holder) {
  const { browsers, logins } = await holdingsOf(deps, holder);
  return {
    logins: logins.map((held) => loginAsJson(deps, held, held.id === holder.login)),
    browsers: browsers.map(browserAsJson),
  };
}

const loginAsJson = (deps: Deps, { id, login }: HeldLogin, isThis: boolean) => ({
  id,
  this: isThis,
  client: login.client,
  program: programName("en", deps.policy, deps.clients.get(login.client), login.client),
  method: login.loginMethod,
  ...(login.origin && { address: login.origin.address, user_agent: login.origin.userAgent }),
  started_at: login.startedAt,
  ...(login.refreshedAt !== undefined && { refreshed_at: login.refreshedAt }),
  expires_at: login.expiresAt,
});

const browserAsJson = ({ id, browser, startedAt, seenAt, endsAt }: ListedSession) => ({
  id,
  ...(browser && { address: browser.address, user_agent: browser.userAgent }),
  started_at: startedAt,
  seen_at: seenAt,
  expires_at: endsAt,
});

/** What is not there, or not the person's, ends nothing: `ended` says so. */
async function end(deps: Deps, holder: Holder, request: Request, wish: Wish): Promise<Result<Reply, BearerError>> {
  return ok(json({ ended: await endHoldings(deps, holder, request.address, wish) }));
}

async function endAll(deps: Deps, holder: Holder, request: Request): Promise<Result<Reply, BearerError>> {
  const { ended, signIns } = await endEverything(deps, holder, request.address);
  return ok(json({ ended, sign_ins: { ended: signIns.ended, unreached: signIns.unreached } }));
}
