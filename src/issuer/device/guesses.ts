import { err, ok, type PageError, type Result, refusal, seconds } from "../../core/index.ts";
import type { Session } from "../../http/index.ts";
import type { Budget, Cost } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";

const day = seconds(86_400);

/**
 * Wrong codes allowed while one code lives (S-13). Signed in before the code is entered, so guesses have a name. Right ones
 * cost nothing.
 */
export const wrongPerPerson = { name: "wrong-code-by-person", limit: 5, window: seconds(600) } as const;
/** The same in a day: a handful of accounts must not use up what all of a tenant have. */
export const wrongPerPersonDaily = { name: "wrong-code-by-person-daily", limit: 50, window: day } as const;
/** The same for all that come from one network: one attacker with many accounts. */
export const wrongPerAddress = { name: "wrong-code-by-address", limit: 20, window: seconds(600) } as const;
/** What everybody still has where others have guessed too often: one slip. Who guesses has none; a crowd goes on (S-74). */
export const wrongBesideGuesser = { ...wrongPerPerson, limit: 2 } as const;
/** Whatever the accounts and networks of one tenant: its people cannot use up what others have. */
export const wrongPerTenant = { name: "wrong-code-by-tenant", limit: 6_000, window: day } as const;
/**
 * Whatever the tenants. With every code open that may be, so many guesses a day hit one with less than one in a million
 * (S-74): 60,000 · 50,000 / 20¹².
 */
export const wrongInAll = { name: "wrong-code-in-all", limit: 60_000, window: day } as const;

/** A guess that was paid for. */
interface Guess {
  /** It was right, and so was none. */
  giveBack(): Promise<void>;
}

/**
 * Charges one guess before it is judged, so that a burst of parallel guesses cannot overrun a budget (S-56): to the person,
 * its network, its tenant and all, in one step.
 */
export async function spendGuess(
  { store, networks }: Pick<IssuerDeps, "store" | "networks">,
  { session: { person }, address }: { readonly session: Session; readonly address: string },
): Promise<Result<Guess, PageError>> {
  const own = (budget: Budget): Cost => ({ budget, key: person.sub });
  const shared: readonly Cost[] = [
    own(wrongPerPersonDaily),
    { budget: wrongPerTenant, key: person.tenant },
    { budget: wrongInAll, key: "all" },
  ];
  const usual = [own(wrongPerPerson), ...networks.costs(wrongPerAddress, address), ...shared];
  const besideGuesser = [own(wrongBesideGuesser), ...shared];
  for (const costs of [usual, besideGuesser]) {
    if (await store.spendAll(costs)) return ok({ giveBack: async () => void (await store.spendAll(costs, -1)) });
  }
  return err(refusal("too_many_requests", "Too many wrong codes. Wait ten minutes."));
}
