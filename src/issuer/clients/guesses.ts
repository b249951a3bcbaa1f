import { err, type Instant, type OAuthError, ok, type Result, refusal, seconds } from "../../core/index.ts";
import { unknownAddress } from "../../http/index.ts";
import { type Budget, defineKind } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";

/** Wrong secrets for one client from one network. A program that is set up wrongly tries more than once, too. */
export const wrongPerNetwork = { name: "wrong-secret-by-network", limit: 10, window: seconds(600) } as const;
/** The same from everywhere: beyond it a network has one guess, so that many networks are worth little more than one. */
export const wrongPerClient = { name: "wrong-secret-by-client", limit: 100, window: seconds(600) } as const;

/** Wrong secrets from one network for whatever clients: what is kept for invented names has an end. */
export const wrongInAll = { name: "wrong-secret-in-all", limit: 1_000, window: seconds(600) } as const;

type Deps = Pick<IssuerDeps, "store" | "seal" | "networks" | "clock">;
/** Who guesses: the client as it was named, known or not, and the address. */
interface Guesser {
  readonly id: string;
  readonly address: string;
}

const waits = () =>
  err(refusal("too_many_requests", "too many wrong secrets came from your network: wait ten minutes"));
/** Guesses from unknown addresses are counted together for each client: the other budgets are wide (S-72). */
const placeOf = ({ networks }: Deps, address: string): string => networks.charged(address) ?? unknownAddress;
/** Names are of any length and choice: a budget's key is neither. */
const keyOf = (deps: Deps, text: string): string => deps.seal.hash("client guess", text);
const spend = (deps: Deps, budget: Budget, key: string, units?: number) =>
  deps.store.spend(budget, keyOf(deps, key), units);

/**
 * Charges a wrong secret (S-13, S-56). An unknown client is charged alike, so that a limit tells nobody which exist (S-58).
 */
export async function chargeWrongSecret(deps: Deps, { id, address }: Guesser): Promise<Result<void, OAuthError>> {
  const from = placeOf(deps, address);
  if (!(await spend(deps, wrongInAll, from)).granted) return waits();
  const here = `${id} ${from}`;
  const network = await spend(deps, wrongPerNetwork, here);
  if (!network.granted) return waits();
  const client = await spend(deps, wrongPerClient, id);
  if (!client.granted && network.left > 0) await spend(deps, wrongPerNetwork, here, network.left);
  return ok(undefined);
}

/** A client that proved itself from a network. */
interface Proven {
  readonly at: Instant;
}

const provenKind = defineKind<Proven>()("proven-client", ["at"]);
/** For this long its neighbours' guesses do not lock it out. */
const provenMemory = seconds(30 * 86_400);

/**
 * Whether a right secret counts: not from a network that has guessed too often, for it may be the last guess; unless the
 * client proved itself from there before, since then it is no guess but the client, whose neighbour behind one address
 * guesses (S-79). Elsewhere it does, whatever others do: nobody can lock a client out. Looking and remembering are one step,
 * so of guesses sent at the same moment no more than the budget learn anything.
 */
export async function mayProve(deps: Deps, { id, address }: Guesser): Promise<Result<void, OAuthError>> {
  const key = keyOf(deps, `${id} ${placeOf(deps, address)}`);
  const cost = [{ budget: wrongPerNetwork, key }];
  const proven = await deps.store.put(provenKind, key, { at: deps.clock.now() }, { ttl: provenMemory }, cost);
  if (proven === "created") await deps.store.spendAll(cost, -1); // a right secret costs nothing
  return proven === "refused" ? waits() : ok(undefined);
}
