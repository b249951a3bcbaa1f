import { err, isToken, ok, type PageError, type Person, type Result, refusal } from "../../core/index.ts";
import type { Session } from "../../http/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { type Asking, decideFor } from "../logins/rights.ts";
import { burn } from "./burn.ts";
import {
  type DeviceAuthorization,
  deviceAuthorizationKind,
  handleAlias,
  transitions,
  userCodeAlias,
} from "./device-authorization.ts";
import { spendGuess } from "./guesses.ts";
import { normaliseUserCode } from "./user-code.ts";

type Deps = Pick<IssuerDeps, "store" | "seal" | "clock" | "audit" | "networks">;

/** A signed-in browser and where it is. */
export interface Visitor {
  readonly session: Session;
  readonly address: string;
}

/** An authorization that this visitor may decide. */
interface Found {
  readonly id: string;
  readonly authorization: DeviceAuthorization;
}

const unknownCode = () => err(refusal("unknown_user_code", "No login waits for this code. It may have expired."));

/** The visitor entered a code: the authorization is now shown to this person and no other. */
export async function enterCode(
  deps: Deps,
  visitor: Visitor,
  typed: string,
): Promise<Result<DeviceAuthorization, PageError>> {
  const { person } = visitor.session;
  const code = normaliseUserCode(typed);
  // No guess, so it costs none: whoever sends what no code can be learns nothing.
  if (code === undefined) return err(refusal("malformed_user_code", "That cannot be a code."));
  const guess = await spendGuess(deps, visitor);
  if (!guess.ok) return guess;
  const found = await deps.store.resolve(deviceAuthorizationKind, userCodeAlias(deps, code));
  if (!found) {
    deps.audit.record("device.unknown_code", { sub: person.sub, address: visitor.address });
    return unknownCode();
  }
  await guess.value.giveBack();
  if (deps.clock.now() >= found.value.expiresAt) return err(refusal("expired_token", "The code has expired."));
  return show(deps, visitor, { id: found.id, authorization: found.value });
}

async function show(
  deps: Deps,
  visitor: Visitor,
  { id, authorization }: Found,
): Promise<Result<DeviceAuthorization, PageError>> {
  const { sub } = visitor.session.person;
  if (authorization.shownTo !== undefined && authorization.shownTo !== sub)
    return burnShared(deps, visitor, { id, authorization });
  const from = transitions.show.from.filter((state) => state === authorization.state);
  // Whose it was is shown how it ended: the form was sent again, or the page was left and found again.
  if (from.length === 0) return authorization.shownTo === sub ? ok(authorization) : unknownCode();
  const fields = { client: authorization.client, authorization: authorization.handle, sub, address: visitor.address };
  const act = () => deps.store.advance(deviceAuthorizationKind, id, from, { state: transitions.show.to, shownTo: sub });
  const shown = await deps.audit.before([["device.shown", fields]], act, ({ outcome }) => outcome === "won");
  // Somebody was faster: judged again, since it may have been somebody else.
  if (shown.outcome === "stale") return show(deps, visitor, { id, authorization: shown.current });
  if (shown.outcome === "absent") return unknownCode();
  return ok(shown.value);
}

/** One code in two people's hands was passed around: that is how device logins are phished. Nobody gets it. */
async function burnShared(
  deps: Deps,
  visitor: Visitor,
  { id, authorization }: Found,
): Promise<Result<DeviceAuthorization, PageError>> {
  await burn(deps, id, authorization, { by: visitor.session.person.sub, address: visitor.address });
  return err(refusal("unknown_user_code", "This code was opened by somebody else already. Start the login again."));
}

/** The authorization behind a handle, if it was shown to this visitor. Anybody else's is simply not there (S-46). */
export async function findShown(
  deps: Pick<Deps, "store">,
  visitor: Visitor,
  handle: string,
): Promise<Result<Found, PageError>> {
  const found = isToken(handle) ? await deps.store.resolve(deviceAuthorizationKind, handleAlias(handle)) : undefined;
  if (!found || found.value.shownTo !== visitor.session.person.sub) return unknownCode();
  return ok({ id: found.id, authorization: found.value });
}

/** What the person would get, as the policy says it now. */
export function rightsOf(
  deps: Pick<IssuerDeps, "policy" | "clock">,
  person: Person,
  authorization: DeviceAuthorization,
) {
  const asking: Asking = { person, client: authorization.client, loginMethod: "device" };
  return decideFor(deps, asking, authorization.target);
}
