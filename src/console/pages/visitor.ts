import {
  type ApiProblem,
  err,
  type Instant,
  ok,
  type PageError,
  type Person,
  provesEnough,
  type Result,
  refusal,
} from "../../core/index.ts";
import { type Reply, type Request, type Route, type Session, seeOther } from "../../http/index.ts";
import type { ConsoleDeps } from "../deps.ts";
import { addressIn, comeBack, type ShowPage, sentForm, signInFirst, signInFor } from "./come-back.ts";
import { handleOf } from "./form-token.ts";

export { formTokenOf } from "./form-token.ts";

/** Makes routes for somebody who is signed in. */
export interface Visitors {
  /** A page. Looking changes nothing. */
  shows(path: string, show: ShowPage): Route;
  /** What a form of ours does (S-16); `form` is the form's name. `fresh`: only for who has just proved who it is. */
  does(path: string, form: string, act: ShowPage, how?: HowDone): Route;
  /** Where a sign-in leads to that came between: the page that was asked for, or the form that was sent. */
  comesBack(): Route;
}

/** How a form is done. */
interface HowDone {
  /** Only by who has just proved who it is; or whether what was typed wants it. */
  readonly fresh?: boolean | ((request: Request) => boolean);
  /**
   * The form's page with what was typed (`request.form`), for who had to sign in before it counted; default: a page that asks
   * whether it shall be sent again. Does nothing.
   */
  readonly again?: ShowPage;
}

/** So long the realm's word on a session's person is believed, in seconds: a click must not cost a question each. */
const believedFor = 60;
/** So many are remembered; who looks after more people at once asks the realm more often. */
const mostRemembered = 1_000;

/**
 * Makes routes of pages for somebody who is signed in. A session may be hours old, and the rights are those of now (S-28): so
 * the realm, and through it the identity provider, is asked again every minute.
 */
export function forVisitors(deps: ConsoleDeps): Visitors {
  const confirmed = confirmations(deps);
  const forms = new Map<string, ShowPage | undefined>();
  const route = (method: "GET" | "POST", path: string, show: ShowPage, away: Away): Route => ({
    method,
    path,
    errorFormat: "page",
    handle: async (request) => {
      const { session } = request;
      if (session === undefined) return away(request);
      const person = await confirmed(session);
      if (!person.ok) return person;
      const behind = { kind: "sign-in", realmGrant: session.realmGrant } as const;
      const caller = { person: person.value, client: "console", loginMethod: "browser", behind } as const;
      return asPage(await show(request, caller, session));
    },
  });
  return {
    shows: (path, show) =>
      route("GET", path, show, async (request) => ok(signInFor(deps, { page: addressIn(request) }))),
    does: (path, form, act, { fresh = false, again } = {}) => {
      forms.set(form, again);
      const ask = (request: Request, proof?: "fresh") => signInFirst(deps, sentForm(request, form), request, proof);
      const guarded: ShowPage = async (request, caller, session) => {
        const isOurs = deps.sessions.isFormToken(session, form, handleOf(request), request.form.get("form_token"));
        if (!isOurs) return err(refusal("forged_form", "The form is not the one we gave to this browser."));
        // Whoever sits down at a browser that was left open destroys nothing.
        const wantsProof = typeof fresh === "function" ? fresh(request) : fresh;
        if (wantsProof && !provesEnough(caller.person, deps.clock.now(), deps.stepUp ?? []))
          return ask(request, "fresh");
        return act(request, caller, session);
      };
      return route("POST", path, guarded, ask);
    },
    comesBack: () => {
      const back: ShowPage = (request, caller, session) => comeBack(deps, forms, { request, caller, session });
      return route("GET", "/console/at", back, async () => ok(seeOther("/login?to=console")));
    },
  };
}

/** What is answered to who is not signed in. */
type Away = (request: Request) => Promise<Result<Reply, PageError>>;

function confirmations({ clock, confirm }: ConsoleDeps): (session: Session) => Promise<Result<Person, PageError>> {
  const known = new Map<string, { readonly person: Person; readonly at: Instant }>();
  return async (session) => {
    const now = clock.now();
    const before = known.get(session.id);
    if (before !== undefined && now - before.at < believedFor) return ok(before.person);
    known.delete(session.id);
    const word = await confirm(session);
    if (!word.ok) return word;
    const oldest = known.size >= mostRemembered ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    known.set(session.id, { person: word.value, at: now });
    return word;
  };
}

function asPage(outcome: Result<Reply, ApiProblem | PageError>): Result<Reply, PageError> {
  if (outcome.ok) return outcome;
  const { code, message, detail } = outcome.refusal;
  if (code === "forged_form" || code === "login_required" || code === "not_found")
    return err(refusal(code, message, detail));
  return err(refusal("forbidden", message, detail));
}
