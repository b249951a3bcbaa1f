import type { Language, TenantName } from "../core/index.ts";
import type { FactsOf, NoticeKindName } from "./kinds/index.ts";

/** Who gets a mail. */
interface Recipient {
  readonly email: string;
  /** The language that the person reads; absent: the one of the configuration. */
  readonly language?: Language | undefined;
}

/** Something that people, and the operator's programs, are told. */
export type Notice = { [K in NoticeKindName]: NoticeOf<K> }[NoticeKindName];

/** A notice of one kind. */
export interface NoticeOf<K extends NoticeKindName> {
  readonly kind: K;
  readonly tenant: TenantName;
  /** Each gets a mail of their own; none: only webhooks are told. */
  readonly to: readonly Recipient[];
  /** What the texts are made of. The same notice is told once in seven days: what makes it another one is among these. */
  readonly facts: FactsOf<K>;
}

/** What became of a notice: `nowhere` = no mail and no webhook is configured for it; `full` = too many wait. */
export type NoticeOutcome = "kept" | "known" | "full" | "nowhere";

/** Tells people and programs. */
export interface Notices {
  /**
   * Puts a notice where it is told from, also after a restart where the store outlives it. What is done for somebody does not
   * wait for it and does not fail by it: called after that is done. Throws `Fault` when the store does not answer.
   */
  send(notice: Notice): Promise<NoticeOutcome>;
}
