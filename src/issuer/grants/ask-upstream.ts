import { no, ok, type Person, type Result, refusal } from "../../core/index.ts";
import type { IssuerDeps } from "../deps.ts";

/**
 * The upstream's present word on a person; when and how the person signed in stays as it was. A refusal when the person
 * may log in no more. Throws `Fault` when nobody answers.
 */
export async function askUpstream(
  deps: Pick<IssuerDeps, "upstream">,
  known: Person,
  upstreamGrant: string,
): Promise<Result<Person>> {
  const now = await deps.upstream.recheck(upstreamGrant);
  if (!now.ok) return now;
  if (now.value.sub !== known.sub) {
    return no(refusal("login_failed", "The login is over.", "the upstream answered with another person"));
  }
  return ok({ ...now.value, authTime: known.authTime, amr: known.amr });
}
