import { err, type Instant, type OAuthError, ok, type Result, refreshTimes, refusal } from "../../core/index.ts";
import type { Client } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { type Login, type RefreshRecord, refreshCreation, refreshId, refreshKind } from "./login.ts";

/** A refresh token that was presented by its own client, with the login's key if it has one. */
interface PresentedRefresh {
  readonly token: string;
  readonly id: string;
  readonly record: RefreshRecord;
  readonly client: Client;
  readonly login: Login;
  /** When the request arrived: how long we take to answer must make nobody a thief. */
  readonly arrivedAt: Instant;
}

type Deps = Pick<IssuerDeps, "store" | "seal" | "clock">;

const over = (detail: string) =>
  err(refusal("invalid_grant", "the login is over, was revoked, or the token was used before: log in again", detail));

/** Whether the client has proved itself by more than the token: credentials of its own, or the key of the login. */
const isConfidential = ({ client }: PresentedRefresh): boolean => client.authentication.kind !== "none";
const isProven = (p: PresentedRefresh): boolean => isConfidential(p) || p.login.jkt !== undefined;

/** The successor of a refresh token is a keyed hash of it, so that it can be handed out again and is kept nowhere (S-22). */
const successorOf = ({ seal }: Pick<Deps, "seal">, token: string): string => seal.hash("refresh successor", token);

/**
 * Whether a token that was used before may be used again: within the grace it is a repetition, once; when the client is
 * proven as often as it likes, and also for as long as nobody has used the successor, since then its answer was lost.
 */
export async function mayRepeat(deps: Deps, p: PresentedRefresh): Promise<boolean> {
  const { state, rotatedAt } = p.record;
  if (state === "current") return true;
  if (state === "replayed" || rotatedAt === undefined) return false;
  if (p.arrivedAt - rotatedAt <= refreshTimes.grace) return true;
  if (!isProven(p)) return false;
  const next = await deps.store.get(refreshKind, refreshId(deps, successorOf(deps, p.token)));
  return next?.state === "current";
}

/**
 * The refresh token to answer with. A confidential client keeps its own: it proves itself each time anyway, and would lose
 * the login by a lost answer (FAPI 2.0 Security Profile section 5.3.2.1). Everybody else gets the successor (RFC 9700
 * section 4.14.2), the same for each repetition. `replayed` = the token is in more hands than one.
 */
export async function rotate(deps: Deps, p: PresentedRefresh): Promise<Result<string | "replayed", OAuthError>> {
  if (isConfidential(p) && p.record.state === "current") return ok(p.token);
  const successor = successorOf(deps, p.token);
  const create = [refreshCreation(deps, successor, p.record.login, p.login)];
  const patch = { state: "rotated", rotatedAt: deps.clock.now() } as const;
  const first = await deps.store.advance(refreshKind, p.id, ["current"], patch, { create });
  if (first.outcome === "won") return ok(successor);
  if (first.outcome === "absent") return over("the login went meanwhile");
  // Used by another request meanwhile, or a repetition that was judged before.
  if (isProven(p)) return ok(successor);
  const second = await deps.store.advance(refreshKind, p.id, ["rotated"], { state: "replayed" });
  if (second.outcome === "absent") return over("the login went meanwhile");
  return second.outcome === "won" ? ok(successor) : ok("replayed");
}
