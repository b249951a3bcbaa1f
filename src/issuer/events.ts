import type { Instant, LoginId, MintedName, Person, SubjectId } from "../core/index.ts";
import type { LoginMethod } from "../policy/index.ts";
import type { Behind } from "./logins/behind.ts";

/** Tokens of one answer, as far as clouds matter. */
export interface IssuedTokens {
  readonly loginId: LoginId;
  readonly login: {
    readonly person: Person;
    readonly loginMethod: LoginMethod;
    readonly behind: Behind;
  };
  /** Who asked: the login's client, or one that exchanged. */
  readonly client: string;
  readonly rights: { readonly audience: string; readonly groups: readonly MintedName[] };
  readonly expiresAt: Instant;
}

/**
 * What happens at the issuer, told to whoever listens. A listener answers at once and does its work later: nobody who asks
 * for a token waits for it.
 */
export interface IssuerEvents {
  tokensIssued(tokens: IssuedTokens): void;
  /** The realm, asked then, has said who the person is. */
  personConfirmed(person: Person, askedAt: Instant): void;
  /** The realm does not confirm a login of this person any more, or the login is not there. */
  personDoubted(sub: SubjectId): void;
  /** A login of this person ended because its sign-in at the realm did. */
  loginEnded(sub: SubjectId): void;
}

/** Where nobody listens. */
export const nobodyListens: IssuerEvents = {
  tokensIssued: () => undefined,
  personConfirmed: () => undefined,
  personDoubted: () => undefined,
  loginEnded: () => undefined,
};
