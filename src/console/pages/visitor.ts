import {
  type ApiProblem,
  err,
  type Instant,
  ok,
  type PageError,
  type Person,
  type Result,
  refusal,
} from "../../core/index.ts";
import { type Reply, type Request, type Route, type Session, seeOther } from "../../http/index.ts";
import type { Caller } from "../../operations/index.ts";
import type { ConsoleDeps } from "../deps.ts";

/** Answers a page for somebody who is signed in; a refusal of an operation becomes a page of it. */
type ShowPage = (request: Request, caller: Caller) => Promise<Result<Reply, ApiProblem>>;

/** So long the realm's word on a session's person is believed, in seconds: a click must not cost a question each. */
const believedFor = 60;
/** So many are remembered; who looks after more people at once asks the realm more often. */
const mostRemembered = 1_000;

/**
 * Makes routes of pages for somebody who is signed in. A session may be hours old, and the rights are those of now (S-28): so
 * the realm, and through it the identity provider, is asked again every minute.
 */
export function forVisitors(deps: ConsoleDeps): (path: string, show: ShowPage) => Route {
  const confirmed = confirmations(deps);
  return (path, show) => ({
    method: "GET",
    path,
    errorFormat: "page",
    handle: async (request) => {
      if (request.session === undefined) return ok(seeOther("/login?to=console"));
      const person = await confirmed(request.session);
      if (!person.ok) return person;
      return asPage(await show(request, { person: person.value, client: "console", loginMethod: "browser" }));
    },
  });
}

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

function asPage(outcome: Result<Reply, ApiProblem>): Result<Reply, PageError> {
  if (outcome.ok) return outcome;
  const { code, message, detail } = outcome.refusal;
  return err(refusal(code === "not_found" ? "not_found" : "forbidden", message, detail));
}
