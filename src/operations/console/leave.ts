import {
  type ApiProblem,
  err,
  Fault,
  ok,
  type Result,
  refusal,
  type Seconds,
  type SubjectId,
} from "../../core/index.ts";
import { refusedAfterRevoke, revokePerson } from "../../issuer/index.ts";
import { loseCloudGrants } from "../../revocation/index.ts";
import { type Caller, reachToManage } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";

/** What was ended of a person. */
export interface PersonEnded {
  readonly logins: number;
  readonly browsers: number;
  /** Whether Keycloak ended its own sessions of the person, too. */
  readonly realm: "ended" | "no answer";
  /** For this long the person cannot sign in. */
  readonly refusedFor: Seconds;
}

/**
 * Ends all that a person of the tenant has open: logins of programs, browsers, the sessions at Keycloak; the clouds are told. Who
 * can still sign in at the identity provider comes back after a while: who leaves is ended there, too. Run again, it carries on.
 */
export async function endPerson(
  { tenant, sub }: { readonly tenant: string; readonly sub: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<PersonEnded, ApiProblem>> {
  const reached = reachToManage(deps, caller, tenant);
  if (!reached.ok) return reached;
  const person = (await deps.viewOf(reached.value.tenant.name)).find(sub);
  if (person === undefined) return err(refusal("not_found", "there is no such person"));
  return ok(await endAll(person.sub, deps, caller));
}

/** Ends all that somebody has open, whether or not the person signed in lately. */
export async function endAll(sub: SubjectId, deps: ConsoleDeps, caller: Caller): Promise<PersonEnded> {
  // Read before the records go, which hold the key to them.
  const atRealm = await deps.realmSessions(sub);
  const detail = `asked for by ${caller.person.sub}`;
  const { logins, sessions } = await revokePerson(deps, sub, detail, (ended) => loseCloudGrants(deps.store, ended));
  const realm = await atRealm.end().then(
    () => "ended" as const,
    (problem: unknown) => {
      if (problem instanceof Fault) return "no answer" as const;
      throw problem;
    },
  );
  return { logins: logins.length, browsers: sessions.length, realm, refusedFor: refusedAfterRevoke(deps.times) };
}
