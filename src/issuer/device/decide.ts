import type { Announced } from "../../audit/index.ts";
import {
  err,
  type LoginRefused,
  loginRefused,
  ok,
  type PageError,
  type RefusalCode,
  type Result,
  refusal,
  seconds,
} from "../../core/index.ts";
import type { Advance } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { endLogin } from "../logins/end-login.ts";
import { rememberPerson } from "../logins/known-people.ts";
import { loginKind } from "../logins/login.ts";
import { recheckAndNotify } from "../logins/recheck.ts";
import { burn } from "./burn.ts";
import { type DeviceAuthorization, deviceAuthorizationKind, transitions } from "./device-authorization.ts";
import { spendGuess } from "./guesses.ts";
import { isTail, readTail } from "./user-code.ts";
import { enterCode, findShown, rightsOf, type Visitor } from "./verify.ts";

/** Wrong ends of one code: with 20⁴ ends, three guesses hit with 2·10⁻⁵. The window outlasts the code. */
const wrongTails = { name: "wrong-tail", limit: 3, window: seconds(3_600) } as const;

/** How a page says that a login is refused which the person wanted. */
const onPage = {
  nothingEntitled: "nothing_entitled",
  needsBrowser: "needs_browser",
  remote: "remote_origin",
  notConfirmed: "login_failed",
  burnt: "decided_before",
  elsewhere: "remote_origin",
} as const satisfies Partial<Record<LoginRefused, RefusalCode>>;

/** Why a login may be denied here. */
type Denial = "refused" | "nothingEntitled" | "needsBrowser" | "remote" | "notConfirmed";

type Deps = Pick<
  IssuerDeps,
  | "store"
  | "seal"
  | "clock"
  | "audit"
  | "networks"
  | "clients"
  | "policy"
  | "relyingParty"
  | "events"
  | "times"
  | "notifyClient"
>;

const decidedBefore = () => err(refusal("decided_before", "This login was decided before."));

/** What the visitor chose, and the end of the code if one was typed. */
interface Decision {
  readonly choice: "approve" | "deny";
  readonly tail: string;
}

/** How near the visitor is to whoever asked, and what that means for the client. */
export function nearness(
  deps: Pick<IssuerDeps, "clients" | "networks">,
  authorization: DeviceAuthorization,
  address: string,
) {
  const near = deps.networks.near(authorization.origin.address, address);
  const policy = deps.clients.get(authorization.client)?.deviceOrigin ?? "challenge";
  return { near, policy, needsTail: !near && policy === "challenge", refused: !near && policy === "deny" };
}

/** The visitor entered a code: shown to this person and no other; refused at once where the client may not be far away. */
export async function present(
  deps: Deps,
  visitor: Visitor,
  typed: string,
): Promise<Result<DeviceAuthorization, PageError>> {
  const shown = await enterCode(deps, visitor, typed);
  if (!shown.ok || shown.value.state !== "shown") return shown;
  const { needsTail, refused } = nearness(deps, shown.value, visitor.address);
  const { client, handle, origin } = shown.value;
  if (refused) {
    const found = await findShown(deps, visitor, handle);
    return found.ok ? refuseRemote(deps, visitor, found.value.id, found.value.authorization) : found;
  }
  if (needsTail) {
    const { sub } = visitor.session.person;
    const fields = { client, authorization: handle, sub, asker: origin.address, address: visitor.address };
    deps.audit.record("device.challenged", fields);
  }
  return shown;
}

/** The visitor's decision. Approving binds the authorization to the visitor, whatever the device said (S-08). */
export async function decide(
  deps: Deps,
  visitor: Visitor,
  handle: string,
  { choice, tail }: Decision,
): Promise<Result<DeviceAuthorization, PageError>> {
  const found = await findShown(deps, visitor, handle);
  if (!found.ok) return found;
  const { id, authorization } = found.value;
  if (deps.clock.now() >= authorization.expiresAt) return err(refusal("expired_token", "The code has expired."));
  if (authorization.state !== "shown") return repeated(deps, visitor, choice, authorization);
  if (choice === "deny") return deny(deps, visitor, id, authorization, { choice, why: "refused" });
  const { near, policy, needsTail, refused } = nearness(deps, authorization, visitor.address);
  if (refused) return refuseRemote(deps, visitor, id, authorization);
  const typed = needsTail ? await checkTail(deps, visitor, id, authorization, tail) : ok(false);
  if (!typed.ok) return typed;
  const clientAllows = policy === "allow-insecure";
  if (!transitions.approve.guard({ sameNetwork: near, typedTail: typed.value, clientAllows })) {
    return err(refusal("tail_required", "the end of the code is missing"));
  }
  return approve(deps, visitor, id, authorization);
}

/**
 * Judges the typed end of the code. A wrong one counts like a wrong code; the third ends the login. Charged before it is
 * compared, so that a burst of parallel guesses gets three of them, too.
 */
async function checkTail(deps: Deps, visitor: Visitor, id: string, authorization: DeviceAuthorization, tail: string) {
  if (tail.trim() === "") return ok(false); // no guess, so it costs none
  const letters = readTail(tail);
  if (letters === undefined) return err(refusal("malformed_user_code", "That cannot be the end of a code."));
  const guess = await spendGuess(deps, visitor);
  if (!guess.ok) return guess;
  const { granted, left } = await deps.store.spend(wrongTails, id);
  const code = deps.seal.decrypt("user code", authorization.userCode) ?? "";
  if (granted && isTail(letters, code)) {
    await guess.value.giveBack();
    return ok(true);
  }
  const { client, handle } = authorization;
  const { sub } = visitor.session.person;
  deps.audit.record("device.wrong_tail", { client, authorization: handle, sub, address: visitor.address });
  if (left === 0) await burn(deps, id, authorization, { by: sub, address: visitor.address });
  return err(refusal("wrong_tail", "the end of the code is wrong"));
}

/** The client may not be used across networks: nobody gets anything (S-07). */
async function refuseRemote(deps: Deps, visitor: Visitor, id: string, authorization: DeviceAuthorization) {
  return deny(deps, visitor, id, authorization, { choice: "approve", why: "remote" });
}

async function approve(
  deps: Deps,
  visitor: Visitor,
  id: string,
  authorization: DeviceAuthorization,
): Promise<Result<DeviceAuthorization, PageError>> {
  const { session, address } = visitor;
  const choice = "approve";
  // A browser session may be hours old; what a person may have now is the realm's word of now (S-28).
  const person = await recheckAndNotify(deps, session.person, session.realmGrant);
  if (!person.ok) {
    const { detail, code } = person.refusal;
    const denied = await deny(deps, visitor, id, authorization, {
      choice,
      why: "notConfirmed",
      detail: detail ?? code,
    });
    return denied.ok || denied.refusal.code === "login_failed" ? person : denied;
  }
  const rights = rightsOf(deps, person.value, authorization);
  const groups = rights.kind === "decided" ? [...new Set(rights.entitlements.map((e) => e.group))] : [];
  if (groups.length === 0) {
    const withheld = rights.kind === "decided" && rights.withheld !== undefined;
    const why = withheld ? "needsBrowser" : "nothingEntitled";
    const denied = await deny(deps, visitor, id, authorization, { choice, why });
    // Whoever was just invited has nothing yet: a manager who is to give it must find the person.
    await rememberPerson(deps, person.value);
    return denied;
  }
  const { sub, tenant } = person.value;
  const fields = { client: authorization.client, authorization: authorization.handle, sub, tenant, address, groups };
  const patch = { person: person.value, realmGrant: session.realmGrant };
  const settled = await settle(deps, visitor, id, "approve", choice, patch, ["device.approved", fields]);
  if (settled.outcome === "won") await rememberPerson(deps, person.value);
  return outcomeOf(deps, visitor, choice, settled);
}

/**
 * The one step by which a login is decided, written down before it stands. Of the same form sent twice at once both stand:
 * they are one decision.
 */
async function settle(
  deps: Deps,
  visitor: Visitor,
  id: string,
  arrow: "approve" | "deny",
  choice: Decision["choice"],
  patch: Partial<DeviceAuthorization>,
  entry: Announced,
): Promise<Advance<DeviceAuthorization>> {
  const { from, to } = transitions[arrow];
  const decision = decisionOf(deps, visitor, choice);
  const act = () => deps.store.advance(deviceAuthorizationKind, id, from, { ...patch, state: to, decision });
  const stands = (done: Advance<DeviceAuthorization>) =>
    done.outcome === "won" || (done.outcome === "stale" && done.current.decision === decision);
  return deps.audit.before([entry], act, stands);
}

function outcomeOf(
  deps: Deps,
  visitor: Visitor,
  choice: Decision["choice"],
  settled: Advance<DeviceAuthorization>,
): Result<DeviceAuthorization, PageError> {
  if (settled.outcome === "absent") return decidedBefore();
  return repeated(deps, visitor, choice, settled.outcome === "won" ? settled.value : settled.current);
}

/** What a form is: this choice, in this session. */
const decisionOf = (deps: Pick<IssuerDeps, "seal">, { session }: Visitor, choice: Decision["choice"]): string =>
  deps.seal.hash("device decision", JSON.stringify([session.id, choice]));

/** The outcome of a decided login for whoever decided it so: a double click, a reload. Anybody else is too late. */
function repeated(
  deps: Deps,
  visitor: Visitor,
  choice: Decision["choice"],
  authorization: DeviceAuthorization,
): Result<DeviceAuthorization, PageError> {
  const { state, decision, refused } = authorization;
  if (state === "burnt" || decision !== decisionOf(deps, visitor, choice)) return decidedBefore();
  if (state !== "denied" || refused === undefined || refused === "refused") return ok(authorization);
  return err(refusal(onPage[refused], loginRefused[refused]));
}

async function deny(
  deps: Deps,
  visitor: Visitor,
  id: string,
  { client, handle }: DeviceAuthorization,
  { choice, why, detail = loginRefused[why] }: { choice: Decision["choice"]; why: Denial; detail?: string },
): Promise<Result<DeviceAuthorization, PageError>> {
  const { sub } = visitor.session.person;
  const fields = { client, authorization: handle, sub, address: visitor.address, detail };
  const settled = await settle(deps, visitor, id, "deny", choice, { refused: why }, ["device.denied", fields]);
  return outcomeOf(deps, visitor, choice, settled);
}

/**
 * "This was not me" (S-10): before redemption nobody gets the code any more, after it everything that came of it ends.
 * A code that is redeemed at this very moment is seen as redeemed, since both are one compare-and-set on one record.
 */
export async function disown(
  deps: Deps,
  visitor: Visitor,
  handle: string,
): Promise<Result<DeviceAuthorization, PageError>> {
  const found = await findShown(deps, visitor, handle);
  if (!found.ok) return found;
  const { id, authorization } = found.value;
  const { sub } = visitor.session.person;
  const { client, login: known } = authorization;
  const fields = { client, authorization: handle, login: known, sub, address: visitor.address };
  const act = () => burn(deps, id, authorization, { by: sub, address: visitor.address });
  const late = await deps.audit.before([["device.disowned", fields]], act);
  const login = late?.login === undefined ? undefined : await deps.store.get(loginKind, late.login);
  if (late?.login !== undefined && login) await endLogin(deps, late.login, login, "disowned by the person");
  return ok(authorization);
}
