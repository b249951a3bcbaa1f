import type { Refusal } from "../../core/index.ts";
import { sayInOAuth } from "./oauth.ts";

/** A refusal of an API that wants a bearer token: OAuth JSON plus the challenge of RFC 6750 section 3. */
export function sayInApi(r: Refusal): { status: number; body: unknown; headers: Record<string, string> } {
  const said = sayInOAuth(r);
  const challenge =
    r.code === "invalid_token"
      ? { "www-authenticate": `Bearer error="${said.body.error}", error_description="${said.body.error_description}"` }
      : {};
  return { ...said, headers: challenge };
}
