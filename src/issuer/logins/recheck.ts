import { type Claims, err, ok, type PageError, type Person, type Result, refusal } from "../../core/index.ts";
import type { IssuerDeps, Recheck } from "../deps.ts";

/**
 * The realm's present word on a person, for whoever asks for something; who listens is told of it. A
 * refusal when the person may no longer log in. Throws `Fault` when nobody answers.
 */
export async function recheckAndNotify(
  deps: Pick<IssuerDeps, "relyingParty" | "events" | "clock">,
  known: Person,
  realmGrant: string,
): Promise<Result<Person, PageError>> {
  const askedAt = deps.clock.now();
  const word = await recheckPerson(deps, known, realmGrant);
  if (word.ok) deps.events.personConfirmed(word.value, askedAt);
  else deps.events.personDoubted(known.sub);
  return word;
}

/** The realm's present word on a person, and no more; when and how the person signed in stays as it was. */
export async function recheckPerson(
  deps: { readonly relyingParty: Pick<Recheck, "recheck"> },
  known: Person,
  realmGrant: string,
): Promise<Result<Person, PageError>> {
  const now = await deps.relyingParty.recheck(realmGrant);
  if (!now.ok) return now;
  if (now.value.sub !== known.sub) {
    return err(refusal("login_failed", "The login is over.", "the realm answered with another person"));
  }
  return ok(asSignedIn(now.value, known));
}

/** The claims about a sign-in, not about a person; a policy may read them too. */
const ofSignIn = ["auth_time", "amr", "acr"];

/**
 * The person as now, signed in as for one login. The realm tells of a stronger sign-in that came later in the same
 * browser, too: that was not what was confirmed (S-76).
 */
export function asSignedIn({ acr: _acr, authTime: _time, ...now }: Person, login: Person): Person {
  const { authTime, amr, acr } = login;
  const claims: Claims = Object.fromEntries([
    ...Object.entries(now.claims).filter(([name]) => !ofSignIn.includes(name)),
    ...Object.entries(login.claims).filter(([name]) => ofSignIn.includes(name)),
  ]);
  return { ...now, claims, amr, ...(authTime !== undefined && { authTime }), ...(acr !== undefined && { acr }) };
}
