import { type Instant, type LoginId, seconds } from "../../core/index.ts";
import { defineKind } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";
import type { VerifiedToken } from "../tokens/verify.ts";
import { type Login, loginKind } from "./login.ts";

/** An access token that its client ended before its time (RFC 7009). */
interface Withdrawn {
  readonly at: Instant;
}

const withdrawnKind = defineKind<Withdrawn>()("withdrawn-token", ["at"]);

type Deps = Pick<IssuerDeps, "store" | "seal" | "clock">;

const idOf = ({ seal }: Pick<Deps, "seal">, { claims }: VerifiedToken): string =>
  seal.hash("withdrawn token", String(claims.jti));

/** The login behind an access token that was verified; `undefined` when it is over, or the token was revoked by itself. */
export async function livingLogin(
  deps: Pick<Deps, "store" | "seal">,
  token: VerifiedToken,
): Promise<Login | undefined> {
  const [login, withdrawn] = await Promise.all([
    deps.store.get(loginKind, token.sid as LoginId),
    deps.store.get(withdrawnKind, idOf(deps, token)),
  ]);
  return withdrawn === undefined ? login : undefined;
}

/** Ends one access token until its time is over. */
export async function withdraw(deps: Deps, token: VerifiedToken): Promise<void> {
  const now = deps.clock.now();
  const ttl = seconds(Math.max(1, token.expiresAt - now));
  await deps.store.put(
    withdrawnKind,
    idOf(deps, token),
    { at: now },
    { ttl, tags: [{ kind: "login", id: token.sid as LoginId }] },
  );
}
