import type { Environment } from "../../config/index.ts";
import { Fault, type Random, type Seconds, type SubjectId, type TargetName } from "../../core/index.ts";
import { refusedAfterRevoke, revokePerson as revokeAtIssuer } from "../../issuer/index.ts";
import { realmHoldingsOfPerson } from "../../realms/index.ts";
import type { Proof } from "../../reconcile/index.ts";
import { loseCloudGrants } from "../../revocation/index.ts";
import { cloudHoldingsOfPerson } from "../../targets/index.ts";
import { type Actor, detailOf } from "../actor.ts";
import type { BrokerState } from "../broker-state.ts";
import { endAll, type Holdings, type Place, readHoldings, realmOf } from "../holdings.ts";
import type { Listener } from "../progress.ts";
import type { NamedPerson } from "./find.ts";
import { type PersonShown, peopleAtRealm, showPerson } from "./show.ts";

/** Everything that a person has. */
export interface PersonReach {
  readonly shown: PersonShown;
  /** Without an environment nothing beside the broker and its own sessions at Keycloak. */
  readonly elsewhere: Holdings;
}

interface Deps extends BrokerState {
  readonly random: Random;
  readonly listener: Listener;
}

/** Where to look besides the broker. */
export interface PersonPlaces {
  readonly environment?: Environment;
  /** The person's id at Keycloak, when the broker does not know it any more. */
  readonly realmUser?: string;
}

/** Looks what a person has: at the broker, and with an environment at Keycloak and on every cloud. Writes nothing. */
export async function lookAtPerson(
  { person, environment, realmUser }: PersonPlaces & { readonly person: NamedPerson },
  deps: Deps,
): Promise<PersonReach> {
  const { sub } = person;
  const found = await showPerson({ sub }, deps);
  const realmSubject = realmUser ?? found.realmSubject ?? person.realmSubject;
  const shown = { ...found, ...(realmSubject !== undefined && { realmSubject }) };
  if (environment === undefined) return { shown, elsewhere: { holdings: [], silent: [] } };
  const realmIssuer = deps.config.upstream.issuer;
  if (realmOf(environment, realmIssuer) === undefined) deps.listener({ kind: "keycloak unknown", issuer: realmIssuer });
  else if (realmSubject === undefined) deps.listener({ kind: "account unknown" });
  const places = placesOfPerson(environment, { sub, realmIssuer, realmSubject }, deps);
  return { shown, elsewhere: await readHoldings(places, deps.listener) };
}

/** Where a person may hold something: the realm, and every cloud of the environment. */
function placesOfPerson(
  environment: Environment,
  person: { readonly sub: SubjectId; readonly realmIssuer: string; readonly realmSubject: string | undefined },
  { clock, random }: Deps,
): Place[] {
  const deps = { clock, random };
  const realm = realmOf(environment, person.realmIssuer);
  const { realmSubject } = person;
  const atRealm =
    realm === undefined || realmSubject === undefined
      ? []
      : [
          {
            where: `Keycloak, realm ${realm.name}`,
            look: () => realmHoldingsOfPerson(realm.connection, realm.name, realmSubject, deps),
          },
        ];
  const clouds = Object.entries(environment.clouds).map(([name, connection]) => ({
    where: `cloud ${name}`,
    look: () => cloudHoldingsOfPerson(name as TargetName, connection, person.sub, deps),
  }));
  return [...atRealm, ...clouds];
}

/** What revoking did. */
export interface PersonRevoked {
  /** Whether Keycloak ended its own session of the person. */
  readonly realm: "ended" | "no answer";
  /** For this long the person cannot sign in. */
  readonly refusedFor: Seconds;
  /** What was read back: the broker first. */
  readonly proofs: readonly Proof[];
}

/** Ends everything that was found. Run again, it carries on. */
export async function revokePerson(
  { reach, reason }: { readonly reach: PersonReach /** Kept in the audit. */; readonly reason?: string },
  deps: Deps,
  actor: Actor,
): Promise<PersonRevoked> {
  const { shown, elsewhere } = reach;
  const done = await revokeAtBroker(shown.sub, reason ?? detailOf(actor), deps);
  const proofs = [await brokerProof(shown, deps), ...(await endAll(elsewhere, deps.listener))];
  return { ...done, proofs };
}

const revokeAtBroker = (sub: SubjectId, detail: string, deps: Deps): Promise<Omit<PersonRevoked, "proofs">> =>
  deps.audited(async (audit) => {
    const times = deps.config.lifetimes;
    const atRealm = await (await peopleAtRealm(deps)).realmSessions(sub);
    const store = await deps.store();
    await revokeAtIssuer({ store, audit, times }, sub, detail, (ended) => loseCloudGrants(store, ended));
    // After ours: whatever the realm does, nothing of the broker's is left.
    const ended = await atRealm.end().then(
      () => true,
      (problem: unknown) => {
        if (problem instanceof Fault) return false;
        throw problem;
      },
    );
    return { realm: ended ? "ended" : "no answer", refusedFor: refusedAfterRevoke(times) };
  });

/** Asks the store again. */
async function brokerProof(before: PersonShown, deps: Deps): Promise<Proof> {
  const { logins, sessions } = await showPerson({ sub: before.sub }, deps);
  const what = `${some(before.logins.length, "login")} and ${some(before.sessions, "browser session")} of ${before.sub}`;
  const outcome = logins.length + sessions === 0 ? "ended" : "still there";
  return { where: "broker", what, becomes: "ended", outcome };
}

const some = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
