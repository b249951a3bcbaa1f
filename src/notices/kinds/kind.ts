import type { Language } from "../../core/index.ts";

/** Facts of a notice: texts only, times as RFC 3339. Whatever people wrote may stand in them. */
export type Facts = Readonly<Record<string, string>>;

/** What a mail says. Its paragraphs are plain text. */
interface MailTexts {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

/** A kind of notice, with all that is said in it. */
export interface NoticeKind<F extends Facts> {
  /** The facts that webhooks are told, by name; others stay in the mail. None: no webhook is told of this kind. */
  readonly webhook: readonly (keyof F & string)[];
  /** The parts of the address of a page of ours that the mail leads to. A page shows; what it offers is done there by a form. */
  readonly page?: (facts: F) => readonly [string, ...string[]];
  /** The facts come so that nothing of them becomes a link, a line or a header. */
  readonly texts: Readonly<Record<Language, (facts: F) => MailTexts>>;
}

/** Declares a kind: `noticeKind<{ grant: string; ends: string }>()({ … })`. */
export const noticeKind =
  <F extends { readonly [Name in keyof F]: string }>() =>
  (kind: NoticeKind<F & Facts>): NoticeKind<F & Facts> =>
    kind;
