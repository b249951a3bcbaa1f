import type { CustomFetch } from "openid-client";
import { type FetchRules, makeGuardedFetch } from "../../http-client/index.ts";

const anyType = /.*/;
const answers = [201, 400, 401, 403];

/** The guarded fetch in the form in which `openid-client` wants one. What the guard refuses is a failed fetch to it. */
export function guardedForLibrary(rules: FetchRules): CustomFetch {
  const guardedFetch = makeGuardedFetch(rules);
  return async (url, { body, headers }) => {
    const answer = await guardedFetch(url, {
      headers: Object.fromEntries(Object.entries(headers)),
      mediaTypes: anyType,
      statuses: answers,
      ...(body instanceof URLSearchParams && { form: body }),
    });
    if (!answer.ok) throw new TypeError("fetch failed", { cause: new Error(answer.refusal.message) });
    const { status, text } = answer.value;
    return new Response(text, { status, headers: { "content-type": "application/json" } });
  };
}
