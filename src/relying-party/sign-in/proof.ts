import { type Instant, type PageError, type Person, provedSince, refusal } from "../../core/index.ts";
import type { RelyingPartyDeps } from "../deps.ts";

/** What a sign-in was for that was to be proof anew. */
interface Wanted {
  readonly since: Instant;
  readonly returnTo: string;
}

/**
 * Why a person who came back did not prove enough: not anew, or, where the console leads back to what destroys, by no class of proof
 * that the operator names. Asked again, the realm would answer the same: a loop in the browser, and no proof.
 */
export function lackOfProof(
  { stepUpAcr = [] }: Pick<RelyingPartyDeps["options"], "stepUpAcr">,
  person: Person,
  { since, returnTo }: Wanted,
): PageError | undefined {
  const { authTime, acr } = person;
  if (!provedSince(person, since)) return notAnew(authTime);
  const isEnough = stepUpAcr.length === 0 || (acr !== undefined && stepUpAcr.includes(acr));
  if (isEnough || !returnTo.startsWith("/console")) return undefined;
  return refusal(
    "proof_too_weak",
    "Your identity provider did not confirm you as strongly as this act wants it.",
    "the realm's acr is none of upstream.stepUpAcr",
  );
}

const notAnew = (authTime: Instant | undefined): PageError =>
  refusal(
    "login_failed",
    "Your identity provider did not ask you again who you are.",
    authTime === undefined
      ? "the realm does not say when the person proved who it is (auth_time): give our client the scope basic"
      : "the realm remembered the person and asked for no proof",
  );
