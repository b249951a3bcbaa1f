import type { Clock, TargetName } from "../core/index.ts";

/**
 * Signs with the issuer's key, for a minute: person, tenant and groups are the signer's to set, and are nobody's. `groups`
 * may only be the one that a cluster must never believe.
 */
export type SignTrial = (typ: "at+jwt" | "JWT", claims: TrialClaims) => string;

/** What a trial chooses. */
interface TrialClaims {
  readonly iss: string;
  readonly aud: string;
  readonly token_use: "access" | "id";
  readonly iat: number;
  readonly exp: number;
  readonly powerful?: boolean;
}

/** A token and what is wrong with it. */
interface TrialToken {
  /** As a sentence goes on after "a token". */
  readonly description: string;
  readonly token: string;
  /** An ID token: a cluster honours one by design, since kubelogin sends nothing else. */
  readonly idToken?: true;
}

/** One token that is as it should be, and every kind that must be refused. */
interface TrialTokens {
  readonly good: string;
  readonly bad: readonly TrialToken[];
}

/** Makes the tokens for one target. */
export function makeTrialTokens(issuer: string, target: TargetName, sign: SignTrial, clock: Clock): TrialTokens {
  const now = clock.now();
  const claims = { iss: issuer, aud: target, token_use: "access", iat: now, exp: now + 60 } as const;
  const good = sign("at+jwt", claims);
  const [, body = "", signature = ""] = good.split(".");
  const head = (header: object) => Buffer.from(JSON.stringify(header)).toString("base64url");
  // As short as a good one: it is refused for its end alone.
  const old = { iat: now - 600 - 60, exp: now - 600 };
  return {
    good,
    bad: [
      { description: "for another target", token: sign("at+jwt", { ...claims, aud: `not-${target}` }) },
      { description: "of another issuer", token: sign("at+jwt", { ...claims, iss: `${issuer}/elsewhere` }) },
      { description: "that is an ID token", idToken: true, token: sign("JWT", { ...claims, token_use: "id" }) },
      { description: "that has expired", token: sign("at+jwt", { ...claims, ...old }) },
      { description: "without a signature", token: `${head({ alg: "none", typ: "at+jwt" })}.${body}.` },
      { description: "with another's signature", token: `${good.split(".", 1)[0]}.${body}.${flipped(signature)}` },
    ],
  };
}

/** The same length and alphabet, so that only the mathematics can tell. */
const flipped = (signature: string): string => signature.replace(/[A-Za-z]/g, (c) => (c === "A" ? "B" : "A"));
