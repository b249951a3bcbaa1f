import type { Announced } from "../../audit/index.ts";
import { err, instant, ok, type PageError, type Result, refusal, token } from "../../core/index.ts";
import { asciiOnly, type Session } from "../../http/index.ts";
import type { Advance, Budget, Cost, Creation } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { rememberPerson } from "../logins/known-people.ts";
import { recheckAndNotify } from "../logins/recheck.ts";
import { decideRights } from "../logins/rights.ts";
import {
  type CodeRecord,
  codeKind,
  codeLife,
  codeMemory,
  type Decided,
  type PendingAuthorization,
  pendingAuthorizationKind,
  pushedKind,
  pushedRequests,
  repeatable,
  waitingRequests,
} from "./pending-authorization.ts";
import type { FoundRequest } from "./pushed.ts";
import { answerAt } from "./redirect.ts";

/** The client's address with an error (RFC 6749 section 4.1.2.1) and `iss` (RFC 9207), which tells mixed-up issuers apart. */
export const errorAt = (
  issuer: string,
  at: { redirectUri: string; state?: string | undefined },
  error: string,
  message: string,
): string => answerAt(at.redirectUri, { error, error_description: asciiOnly(message), state: at.state, iss: issuer });

/** Said to whoever comes after the decision. */
export const decidedBefore = () => err(refusal("decided_before", "This login was decided before."));

type Deps = Pick<IssuerDeps, "store" | "networks">;

/** What a budget of a network is given back. */
const paid = ({ networks }: Deps, budget: Budget, from: string | undefined): readonly Cost[] =>
  from === undefined ? [] : networks.costs(budget, from);

/** Uses a pushed request up without asking anybody; true for one caller. */
export const useUp = async (
  deps: Deps,
  { id, startedFrom }: Pick<FoundRequest, "id" | "startedFrom">,
): Promise<boolean> => {
  const giveBack = paid(deps, pushedRequests, startedFrom);
  return (await deps.store.advance(pushedKind, id, ["open"], { state: "decided" }, { giveBack })).outcome === "won";
};

type DecisionDeps = Pick<
  IssuerDeps,
  | "issuer"
  | "store"
  | "seal"
  | "clock"
  | "random"
  | "audit"
  | "networks"
  | "policy"
  | "relyingParty"
  | "events"
  | "times"
>;

/** Somebody at the page of a request. */
export interface Deciding {
  readonly session: Session;
  readonly handle: string;
  readonly pending: PendingAuthorization;
  readonly address: string;
}

/**
 * What can be decided; `remembered` = yes, as before, without a page; `another` = somebody else is signed in than the request
 * names.
 */
type Choice = "approve" | "deny" | "remembered" | "another";

/** Where the browser goes; `undefined` when the program has its answer already. */
export type Way = string | undefined;

const answerSeal = "authorization answer";

/** What a form is: this choice on this request, in this session. */
const decisionOf = ({ seal }: Pick<IssuerDeps, "seal">, { session, handle }: Deciding, choice: Choice): string =>
  seal.hash("authorization decision", JSON.stringify([session.id, handle, choice]));

/**
 * The one step by which a request is decided, and `create` made; written down before it stands. What was pushed may wait in
 * several browsers: there the pushed request is what only one of them gets.
 */
async function settle(
  deps: DecisionDeps,
  at: Deciding,
  { choice, location, entry, create }: { choice: Choice; location: string; entry: Announced; create?: Creation[] },
): Promise<Result<Way, PageError>> {
  const { store } = deps;
  const { pushed, pushedFrom, startedFrom } = at.pending;
  const decision = decisionOf(deps, at, choice);
  const answer = deps.seal.encrypt(answerSeal, location);
  const patch = { state: "decided", decision, answer, decidedAt: deps.clock.now() } as const;
  const act = async (): Promise<Decided | undefined> => {
    const made = create && { create };
    const own = { giveBack: paid(deps, waitingRequests, startedFrom) };
    if (pushed === undefined) {
      return decidedBy(
        await store.advance(pendingAuthorizationKind, at.handle, ["waiting"], patch, { ...own, ...made }),
      );
    }
    const pushing = { giveBack: paid(deps, pushedRequests, pushedFrom), ...made };
    const used = await store.advance(pushedKind, pushed, ["open"], patch, pushing);
    if (used.outcome === "won") await store.advance(pendingAuthorizationKind, at.handle, ["waiting"], patch, own);
    return decidedBy(used);
  };
  const settled = await deps.audit.before([entry], act, (done) => done?.decision === decision);
  return settled ? repeated(deps, at, choice, settled) : decidedBefore();
}

const decidedBy = <T extends Decided>(done: Advance<T>): Decided | undefined =>
  done.outcome === "absent" ? undefined : done.outcome === "won" ? done.value : done.current;

/**
 * The answer to a decided request, for the form that decided it: to a double click, or to one sent again because the first
 * answer was slow. The code stays one code; where it was redeemed, nobody is sent to the program with it again.
 */
export async function repeated(
  deps: DecisionDeps,
  at: Deciding,
  choice: Choice,
  by: Decided,
): Promise<Result<Way, PageError>> {
  const { decision, answer = "", decidedAt = 0 } = by;
  const location = deps.seal.decrypt(answerSeal, answer);
  const late = deps.clock.now() - decidedAt > repeatable;
  if (late || location === undefined || decision !== decisionOf(deps, at, choice)) return decidedBefore();
  const code = new URL(location).searchParams.get("code");
  const record = code === null ? undefined : await deps.store.get(codeKind, deps.seal.hash("code", code));
  return ok(code === null || record?.state === "issued" ? location : undefined);
}

/** The person said yes, now or before: a code for the program. */
export async function approve(
  deps: DecisionDeps,
  at: Deciding,
  choice: "approve" | "remembered" = "approve",
): Promise<Result<Way, PageError>> {
  const { session, handle, address } = at;
  const { request } = at.pending;
  // A browser session may be hours old; what a person may have now is the realm's word of now (S-28).
  const person = await recheckAndNotify(deps, session.person, session.realmGrant);
  if (!person.ok) return person;
  const asking = { person: person.value, client: request.client, loginMethod: "browser" } as const;
  const rights = decideRights(deps, asking, request.target);
  if (!rights.ok) return deny(deps, at, choice, rights.refusal.message);
  const code = token(deps.random);
  const record: CodeRecord = {
    state: "issued",
    request,
    person: person.value,
    realmGrant: session.realmGrant,
    confirmedFrom: address,
    expiresAt: instant(deps.clock.now() + codeLife),
  };
  const create = [{ kind: codeKind, id: deps.seal.hash("code", code), value: record, ttl: codeMemory }];
  const location = answerAt(request.redirectUri, { code, state: request.state, iss: deps.issuer });
  const { sub, tenant } = person.value;
  const groups = rights.value.groups;
  const detail = choice === "remembered" ? "a login that was confirmed before lives" : undefined;
  const fields = { client: request.client, authorization: handle, sub, tenant, address, groups, detail };
  const entry = ["authorization.approved", fields] as const;
  const to = await settle(deps, at, { choice, location, entry, create });
  if (to.ok) await rememberPerson(deps, person.value);
  return to;
}

/** The person said no, may not, or is another one. */
export async function deny(
  deps: DecisionDeps,
  at: Deciding,
  choice: Choice,
  detail: string,
): Promise<Result<Way, PageError>> {
  const { session, handle, address } = at;
  const { request } = at.pending;
  const fields = { client: request.client, authorization: handle, sub: session.person.sub, address, detail };
  const error = choice === "another" ? "login_required" : "access_denied";
  const location = errorAt(deps.issuer, request, error, detail);
  return settle(deps, at, { choice, location, entry: ["authorization.denied", fields] });
}
