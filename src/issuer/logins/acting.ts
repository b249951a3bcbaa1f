import { createHash } from "node:crypto";
import {
  type ApiProblem,
  err,
  instant,
  type LoginId,
  ok,
  type Result,
  refusal,
  type TargetName,
} from "../../core/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { type Behind, storedBehind } from "./behind.ts";
import { type Asking, decideRights } from "./rights.ts";

/** Somebody who stands at the door of the console, and by which sign-in. */
export interface AtConsole extends Asking {
  /** Absent: it is not known, and nothing is done in this person's name anywhere else. */
  readonly behind?: Behind;
}

/** Life of such a token, in seconds: it is brought to the cloud at once, by us. */
const life = 60;

type Deps = Pick<IssuerDeps, "issuer" | "clock" | "policy" | "mint" | "audit" | "events">;

/**
 * An access token for a cloud in the name of somebody at the console, for us to act there with that person's own rights. It is
 * what a login of the person at the cloud would bring, recorded like any other, and told to who ends what clouds know of people.
 */
export function actingToken(deps: Deps, who: AtConsole, cloud: TargetName): Result<string, ApiProblem> {
  const { person, client, loginMethod, behind } = who;
  if (behind === undefined) return err(refusal("forbidden", "your sign-in is not known. Sign in again"));
  const rights = decideRights(deps, who, cloud);
  if (!rights.ok) return err(refusal("forbidden", rights.refusal.message, rights.refusal.detail));
  const { groups, until } = rights.value;
  const issuedAt = deps.clock.now();
  const expiresAt = instant(Math.min(issuedAt + life, until ?? Number.POSITIVE_INFINITY));
  const loginId = loginOf(who, behind);
  const { sub, tenant } = person;
  const at = { client, audience: cloud, login: loginId, grant: "console", groups };
  deps.audit.record("token.issued", { sub, tenant, ...at });
  deps.events.tokensIssued({
    loginId,
    login: { person, loginMethod, behind },
    client,
    rights: rights.value,
    expiresAt,
  });
  return ok(
    deps.mint.accessToken({
      ...{ person, groups, loginMethod, issuedAt, expiresAt },
      ...{ clientId: client, audience: cloud, scope: [], sid: loginId },
    }),
  );
}

/** One for each sign-in, however often somebody clicks: what a cloud may know of it is remembered once. */
const loginOf = ({ person, client }: Asking, behind: Behind): LoginId =>
  createHash("sha256")
    .update(JSON.stringify([person.sub, client, storedBehind.write(behind)]))
    .digest("base64url")
    .slice(0, 22) as LoginId;
