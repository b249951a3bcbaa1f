import { accessNotices } from "./access.ts";
import { grantNotices } from "./grants.ts";
import type { Facts, NoticeKind } from "./kind.ts";
import { reviewNotices } from "./reviews.ts";

/** Every kind of notice, by the name under which it waits, is audited, and webhooks learn of it. */
export const noticeKinds = {
  ...accessNotices,
  ...grantNotices,
  ...reviewNotices,
} as const;

/** Name of a kind of notice. */
export type NoticeKindName = keyof typeof noticeKinds;

/** What is said in a notice of this kind. */
export type FactsOf<K extends NoticeKindName> = (typeof noticeKinds)[K] extends NoticeKind<infer F> ? F : never;

/** A kind by its name; `undefined` for one that only another release knows. */
export function kindNamed(name: string): NoticeKind<Facts> | undefined {
  return Object.hasOwn(noticeKinds, name) ? (noticeKinds[name as NoticeKindName] as NoticeKind<Facts>) : undefined;
}
