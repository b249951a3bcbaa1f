import { refusal, type ScimError } from "../../core/index.ts";

/** Why what was pushed is not taken over. `stale`: somebody changed it meanwhile, so it may be tried on what it is now. */
export type PushError = ScimError | { readonly code: "stale" };

type NotKept = "absent" | "stale" | "too many" | { readonly taken: string };

/** The same in words. */
export function notKept(why: NotKept): PushError {
  if (typeof why === "object") return refusal("uniqueness", `another user has this ${why.taken}`);
  if (why === "stale") return { code: "stale" };
  if (why === "absent") return refusal("not_found", "there is no such resource");
  return refusal(
    "too_many_requests",
    "this identity provider has as many users or groups as it may have, or made too many lately",
  );
}
