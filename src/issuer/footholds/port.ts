import type { Instant, LoginId, MintedName, Person, SubjectId } from "../../core/index.ts";
import type { LoginMethod } from "../../policy/index.ts";

/** Tokens of one answer, as far as clouds matter. */
export interface Issued {
  readonly loginId: LoginId;
  readonly login: {
    readonly person: Person;
    readonly loginMethod: LoginMethod;
    readonly realmGrant: string;
  };
  /** Who asked: the login's client, or one that exchanged. */
  readonly client: string;
  readonly rights: { readonly audience: string; readonly groups: readonly MintedName[] };
  readonly expiresAt: Instant;
}

/** What people may still use on clouds, and its end once they may have less. Nobody who asks for a token waits for it. */
export interface Footholds {
  /** Tokens were issued. */
  issued(tokens: Issued): void;
  /** The realm, asked then, has said who the person is. */
  learned(person: Person, askedAt: Instant): void;
  /** A login of this person is no longer confirmed; `gone` says what one that is not there means. */
  doubted(sub: SubjectId, gone: "unknown" | "lost"): void;
  /** Asks about everybody, and tells clouds what they were not told yet. */
  round(): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** No further round or try; resolves when what is under way has ended, or after `graceMillis`. */
  stop(graceMillis: number): Promise<void>;
}

/** Where clouds are not told anything. */
export const noFootholds: Footholds = {
  issued: () => undefined,
  learned: () => undefined,
  doubted: () => undefined,
  round: async () => undefined,
  idle: async () => undefined,
  stop: async () => undefined,
};
