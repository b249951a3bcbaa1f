import { err, isToken, ok, type Person, type Result, refusal } from "../../core/index.ts";
import type { Session } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { type Asking, decideFor } from "../grants/rights.ts";
import { burn } from "./burn.ts";
import { type DeviceFlow, flowKind, handleAlias, transitions, userCodeAlias } from "./flow.ts";
import { spendGuess } from "./guesses.ts";
import { normaliseUserCode } from "./user-code.ts";

/** A signed-in browser and where it is. */
export interface Visitor {
  readonly session: Session;
  readonly address: string;
}

/** A flow that this visitor may decide. */
export interface Found {
  readonly id: string;
  readonly flow: DeviceFlow;
}

const unknownCode = () => err(refusal("unknown_user_code", "No login waits for this code. It may have expired."));

/** The visitor entered a code: the flow is now shown to this person and no other. */
export async function enterCode(deps: IssuerDeps, visitor: Visitor, typed: string): Promise<Result<DeviceFlow>> {
  const { person } = visitor.session;
  const code = normaliseUserCode(typed);
  // No guess, so it costs none: whoever sends what no code can be learns nothing.
  if (code === undefined) return err(refusal("malformed_user_code", "That cannot be a code."));
  const guess = await spendGuess(deps, visitor);
  if (!guess.ok) return guess;
  const found = await deps.store.resolve(flowKind, userCodeAlias(deps, code));
  if (!found) {
    deps.audit.record("device.unknown_code", { sub: person.sub, address: visitor.address });
    return unknownCode();
  }
  await guess.value.giveBack();
  if (deps.clock.now() >= found.value.expiresAt) return err(refusal("expired_token", "The code has expired."));
  return show(deps, visitor, { id: found.id, flow: found.value });
}

async function show(deps: IssuerDeps, visitor: Visitor, { id, flow }: Found): Promise<Result<DeviceFlow>> {
  const { sub } = visitor.session.person;
  if (flow.shownTo !== undefined && flow.shownTo !== sub) return burnShared(deps, visitor, { id, flow });
  const from = transitions.show.from.filter((state) => state === flow.state);
  // Whose it was is shown how it ended: the form was sent again, or the page was left and found again.
  if (from.length === 0) return flow.shownTo === sub ? ok(flow) : unknownCode();
  const fields = { client: flow.client, flow: flow.handle, sub, address: visitor.address };
  const act = () => deps.store.advance(flowKind, id, from, { state: transitions.show.to, shownTo: sub });
  const shown = await deps.audit.before([["device.shown", fields]], act, ({ outcome }) => outcome === "won");
  // Somebody was faster: judged again, since it may have been somebody else.
  if (shown.outcome === "stale") return show(deps, visitor, { id, flow: shown.current });
  if (shown.outcome === "absent") return unknownCode();
  return ok(shown.value);
}

/** One code in two people's hands was passed around: that is how device logins are phished. Nobody gets it. */
async function burnShared(deps: IssuerDeps, visitor: Visitor, { id, flow }: Found): Promise<Result<DeviceFlow>> {
  await burn(deps, id, flow, { by: visitor.session.person.sub, address: visitor.address });
  return err(refusal("unknown_user_code", "This code was opened by somebody else already. Start the login again."));
}

/** The flow behind a handle, if it was shown to this visitor. Anybody else's is simply not there (S-46). */
export async function findShown(deps: IssuerDeps, visitor: Visitor, handle: string): Promise<Result<Found>> {
  const found = isToken(handle) ? await deps.store.resolve(flowKind, handleAlias(handle)) : undefined;
  if (!found || found.value.shownTo !== visitor.session.person.sub) return unknownCode();
  return ok({ id: found.id, flow: found.value });
}

/** What the person would get, as the policy says it now. */
export function rightsOf(deps: IssuerDeps, person: Person, flow: DeviceFlow) {
  const asking: Asking = { person, client: flow.client, flow: "device" };
  return decideFor(deps, asking, flow.target);
}
