import { Fault, type SubjectId } from "../../core/index.ts";
import { revokePerson } from "../../issuer/index.ts";
import { comparedAs, type Source, signInTag } from "../../provisioning/index.ts";
import { loseCloudGrants } from "../../revocation/index.ts";
import type { PushDeps, Pusher } from "./deps.ts";

/** The value by which a source's users are matched with who signs in, as a user has it. */
export function matchValue({ match }: Source, attributes: Readonly<Record<string, unknown>>): string | undefined {
  const value = attributes[match.attribute];
  return typeof value === "string" ? comparedAs(match.attribute, value) : undefined;
}

/**
 * Ends all that whoever signed in under the values has open: logins, browsers, the sessions at Keycloak; the clouds are told now.
 * Answers how many people it was. Run again, it carries on. Keycloak's silence keeps nothing: there only a session of its own is left.
 */
export async function endUnder(deps: PushDeps, { source, by }: Pusher, values: readonly string[]): Promise<number> {
  const ended = new Set<SubjectId>();
  for (const value of new Set(values)) {
    for (const sub of await deps.provisionedAs(signInTag(deps.seal, source, value))) ended.add(sub);
  }
  for (const sub of ended) {
    // Read before the records go, which hold the key to them.
    const atRealm = await deps.realmSessions(sub);
    const detail = `the directory of ${source.identityProvider} took the person out (${by})`;
    await revokePerson(deps, sub, detail, (one) => loseCloudGrants(deps.store, one));
    deps.notifyClouds(sub);
    await atRealm.end().catch((problem: unknown) => {
      if (!(problem instanceof Fault)) throw problem;
    });
  }
  return ended.size;
}
