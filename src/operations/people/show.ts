import { isoTime, type SubjectId } from "../../core/index.ts";
import { keysAt, knownPeople, makeKeySet, reachOf } from "../../issuer/index.ts";
import { type RealmPeople, realmPeople } from "../../relying-party/index.ts";
import type { BrokerState } from "../broker-state.ts";

/** What hangs on a person at the broker. Moments are RFC 3339. */
export interface PersonShown {
  readonly sub: SubjectId;
  /** Name and tenant, as of the last sign-in. */
  readonly name?: string;
  readonly tenant?: string;
  /** Its subject at the realm (Keycloak's id of the user), as of the last sign-in. */
  readonly realmSubject?: string;
  readonly logins: readonly { readonly client: string; readonly flow: string; readonly startedAt: string }[];
  readonly sessions: number;
  /** Sessions at Keycloak that the broker has a key to. */
  readonly realmSessions: number;
}

/** The realm's side of the people who are signed in. */
export async function peopleAtRealm({ config, clock, seal, keyHome, store }: BrokerState): Promise<RealmPeople> {
  const clientKeys = makeKeySet(keysAt((await keyHome.read()).keys, clock.now()), "client");
  const { issuer, upstream: options } = config;
  return realmPeople({ issuer, options, clientKey: () => clientKeys.active, clock, store: await store(), seal });
}

/** What a person has at the broker now. */
export async function showPerson({ sub }: { readonly sub: SubjectId }, state: BrokerState): Promise<PersonShown> {
  const { logins, sessions } = await reachOf({ store: await state.store() }, sub);
  const person = logins[0]?.person ?? sessions[0]?.person;
  const { count } = await (await peopleAtRealm(state)).realmSessions(sub);
  return {
    sub,
    ...(person && {
      name: person.preferredUsername,
      tenant: person.tenant,
      realmSubject: person.realmSubject,
    }),
    logins: logins.map((f) => ({ client: f.client, flow: f.loginMethod, startedAt: isoTime(f.startedAt) })),
    sessions: sessions.length,
    realmSessions: count,
  };
}

/** Last logins under pseudonyms, with the claims that the policy reads; moments are RFC 3339. */
export const listKnownPeople = async ({ store }: Pick<BrokerState, "store">) =>
  (await knownPeople({ store: await store() })).map(asWritten);

/** A person of the ledger under the names of the file that `cloudpass people ledger` writes. */
const asWritten = ({
  person,
  tenant,
  identityProvider: upstream,
  at,
  ...rest
}: Awaited<ReturnType<typeof knownPeople>>[number]) => ({ person, tenant, upstream, ...rest, at: isoTime(at) });
