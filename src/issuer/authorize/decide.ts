import { instant, no, ok, type Result, refusal, token } from "../../core/index.ts";
import { asciiOnly, type Session } from "../../http/index.ts";
import type { Creation, Store } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { askUpstream } from "../grants/ask-upstream.ts";
import { decideRights } from "../grants/rights.ts";
import { rememberPerson } from "../people/ledger.ts";
import {
  type AuthorizationFlow,
  type CodeRecord,
  codeKind,
  codeLife,
  codeMemory,
  flowKind,
  pushedKind,
} from "./flow.ts";
import { answerAt } from "./redirect.ts";

/** The client's address with an error (RFC 6749 section 4.1.2.1) and `iss` (RFC 9207), which tells mixed-up issuers apart. */
export const errorAt = (
  issuer: string,
  at: { redirectUri: string; state?: string | undefined },
  error: string,
  says: string,
): string => answerAt(at.redirectUri, { error, error_description: asciiOnly(says), state: at.state, iss: issuer });

/** Said to whoever comes after the decision. */
export const decidedBefore = () => no(refusal("invalid_request", "This login was decided before."));

const decided = { state: "decided" } as const;

/** Uses a pushed request up; true for one caller. */
export const useUp = async (store: Store, pushed: string, create?: readonly Creation[]): Promise<boolean> =>
  (await store.advance(pushedKind, pushed, ["open"], decided, create && { create })).outcome === "won";

/**
 * The one step by which a request is decided, and `create` made; true for one caller. What was pushed may wait in several
 * browsers: there the pushed request is what only one of them gets.
 */
async function settle(
  { store }: Pick<IssuerDeps, "store">,
  handle: string,
  pushed: string | undefined,
  create?: readonly Creation[],
): Promise<boolean> {
  if (pushed !== undefined && !(await useUp(store, pushed, create))) return false;
  const more = pushed === undefined && create ? { create } : undefined;
  const won = await store.advance(flowKind, handle, ["waiting"], decided, more);
  return pushed !== undefined || won.outcome === "won";
}

/** The person said yes: a code for the program. Answers where the browser goes. */
export async function approve(
  deps: IssuerDeps,
  session: Session,
  handle: string,
  flow: AuthorizationFlow,
  address: string,
): Promise<Result<string>> {
  const { request } = flow;
  // A browser session may be hours old; what a person may have now is the upstream's word of now (S-28).
  const person = await askUpstream(deps, session.person, session.upstreamGrant);
  if (!person.ok) return person;
  const asking = { person: person.value, client: request.client, flow: "browser" } as const;
  const rights = decideRights(deps, asking, request.target);
  if (!rights.ok) return deny(deps, session, handle, flow, address, rights.refusal.says);
  const code = token(deps.random);
  const record: CodeRecord = {
    state: "issued",
    request,
    person: person.value,
    upstreamGrant: session.upstreamGrant,
    confirmedFrom: address,
    expiresAt: instant(deps.clock.now() + codeLife),
  };
  const create = [{ kind: codeKind, id: deps.seal.hash("code", code), value: record, ttl: codeMemory }];
  if (!(await settle(deps, handle, flow.pushed, create))) return decidedBefore();
  await rememberPerson(deps, person.value);
  const { sub, tenant } = person.value;
  const groups = rights.value.groups;
  deps.audit.record("authorization.approved", { client: request.client, flow: handle, sub, tenant, address, groups });
  return ok(answerAt(request.redirectUri, { code, state: request.state, iss: deps.issuer }));
}

/** The person said no, may not, or is another one. Answers where the browser goes. */
export async function deny(
  deps: IssuerDeps,
  session: Session,
  handle: string,
  { request, pushed }: AuthorizationFlow,
  address: string,
  because: string,
  error: "access_denied" | "login_required" = "access_denied",
): Promise<Result<string>> {
  if (!(await settle(deps, handle, pushed))) return decidedBefore();
  const { sub } = session.person;
  deps.audit.record("authorization.denied", { client: request.client, flow: handle, sub, address, because });
  return ok(errorAt(deps.issuer, request, error, because));
}
