import { type Identity, identityOf, type Observed, type PlainMap, type Resource } from "../reconcile/index.ts";
import { textOf } from "./access.ts";
import type { OwnedKey, RealmIdentity } from "./identity.ts";
import type { RealmState } from "./state.ts";

/** How a client has a scope, or new clients get it. */
type Assigned = "default" | "optional";

const assignment = (client: string, scope: string): RealmIdentity<"client-scope-assignment"> => ({
  kind: "client-scope-assignment",
  key: [client, scope],
});

/** The scope that Keycloak gives to a client with an account of its own (since 26.1). */
export const accountScope = "service_account";
const hasAccount = (fields: PlainMap): boolean => fields["serviceAccountsEnabled"] === true;

const isKind = (kind: string) => (it: Identity) => it.kind === kind;
const assignedIn = ({ fields }: Pick<Observed, "fields">): Assigned =>
  fields["assigned"] === "optional" ? "optional" : "default";
const protocolIn = ({ fields }: Pick<Observed, "fields">): string => textOf(fields["protocol"]) || "openid-connect";

/** What is looked at to tell which scopes a client shall have. */
interface Ground<R = unknown> {
  readonly desired: readonly Resource[];
  readonly absent: readonly Identity[];
  readonly observed: readonly Observed<R>[];
  readonly ownership: RealmState["ownership"];
}

/** The scopes that every new client gets: as it is, and as it will be when the plan is carried out. */
function givenByRealm({ desired, absent, observed, ownership }: Ground) {
  const name = ({ key }: Identity): string => textOf(key);
  const of = (list: readonly (Resource | Observed)[]) =>
    list.filter(isKind("default-client-scope")).map((it) => [name(it), assignedIn(it)] as const);
  const now = new Map(of(observed));
  const ours = [...ownership.entries, ...ownership.intents].filter(isKind("default-client-scope")).map(name);
  const gone = [...ours, ...absent.filter(isKind("default-client-scope")).map(name)];
  const stays = [...now].filter(([scope]) => !gone.includes(scope));
  return { now, planned: new Map([...stays, ...of(desired)]) };
}

/**
 * What was read, with whose each scope of a client of ours is. What the realm gives to every client is nobody's; anything
 * else is the file's to say, so that what somebody added goes. A client that is not there yet will get what the realm
 * gives at that moment, which may be more than it shall have.
 */
export function withScopesOfClients<R>(
  ground: Ground<R>,
  narrower = scopesOfNewClients(ground),
): readonly Observed<R>[] {
  const { desired, observed } = ground;
  const given = givenByRealm(ground);
  const clients = new Map(observed.filter(isKind("client")).map((o) => [textOf(o.key), o]));
  const wanted = new Map(desired.filter(isKind("client")).map((r) => [textOf(r.key), r]));
  const told = observed.map((o) => {
    if (o.kind !== "client-scope-assignment") return o;
    const [client, scope] = o.key as OwnedKey;
    const seen = clients.get(client);
    const fields = { ...seen?.fields, ...wanted.get(client)?.fields };
    const assigned = scope === accountScope && hasAccount(fields) ? "default" : given.planned.get(scope);
    return { ...o, owned: seen?.owned === true && assigned !== assignedIn(o) };
  });
  const predicted = [...narrower].flatMap(([client, scopes]) =>
    [...scopes].flatMap(([scope, shall]): Observed<R>[] => {
      if (shall !== "none") return [];
      const fields = { assigned: given.now.get(scope) ?? "default" };
      return [{ ...assignment(client, scope), fields, owned: true, comesWith: { kind: "client", key: client } }];
    }),
  );
  return [...told, ...predicted];
}

/** What a client has of a scope that its realm gives it otherwise. */
export type Narrower = "optional" | "none";

/**
 * Of each client that is not there yet, the scopes that the realm would give it at that moment, and that it shall only
 * have when it asks for them, or not at all.
 */
export function scopesOfNewClients(ground: Ground): ReadonlyMap<string, ReadonlyMap<string, Narrower>> {
  const { desired, absent, observed } = ground;
  const given = givenByRealm(ground);
  const isThere = new Set(observed.filter(isKind("client")).map(({ key }) => textOf(key)));
  const isAbsent = new Set(absent.map(identityOf));
  const wanted = new Map(desired.filter(isKind("client-scope-assignment")).map((r) => [identityOf(r), assignedIn(r)]));
  const narrowed = (client: string) =>
    [...given.now].flatMap(([scope, assigned]): (readonly [string, Narrower])[] => {
      const id = identityOf(assignment(client, scope));
      const shall = wanted.get(id);
      if (shall === "optional" && assigned === "default") return [[scope, shall]];
      // What the realm gives otherwise it gives so before the client is made; what it gives no more it gives until the end.
      const goes = isAbsent.has(id) || !given.planned.has(scope);
      return shall === undefined && goes ? [[scope, "none"]] : [];
    });
  const coming = desired.filter((it) => it.kind === "client" && !isThere.has(textOf(it.key)));
  return new Map(coming.map(({ key }) => [textOf(key), new Map(narrowed(textOf(key)))]));
}

/** The wanted resources, with the scopes of the realm that a client of ours lacks and that its file does not deny it. */
export function withScopesOfRealm(ground: Ground): readonly Resource[] {
  const { desired, absent, observed, ownership } = ground;
  const { now, planned } = givenByRealm(ground);
  const protocols = new Map(
    [...observed, ...desired].filter(isKind("client-scope")).map((it) => [textOf(it.key), protocolIn(it)]),
  );
  const has = new Map(
    observed.filter(isKind("client-scope-assignment")).map((o) => [identityOf(o), assignedIn(o)] as const),
  );
  const said = new Set([...desired, ...absent].map(identityOf));
  // What we gave before stays wanted, or it would go as ours that nobody wants.
  const recorded = new Set([...ownership.entries, ...ownership.intents].map(identityOf));
  const ours = new Map(
    observed.filter(isKind("client")).flatMap((o) => (o.owned ? [[textOf(o.key), o] as const] : [])),
  );
  const missing = desired.filter(isKind("client")).flatMap((client) => {
    const seen = ours.get(textOf(client.key));
    if (seen === undefined) return [];
    const all = hasAccount({ ...seen.fields, ...client.fields })
      ? new Map([...planned, [accountScope, "default"] as const])
      : planned;
    return [...all].flatMap(([scope, assigned]): Resource[] => {
      const it = assignment(textOf(client.key), scope);
      const id = identityOf(it);
      const isHad = has.get(id) === assigned && !recorded.has(id);
      if (said.has(id) || isHad || protocols.get(scope) !== protocolIn(seen)) return [];
      const dependsOn: readonly Identity[] = [{ kind: "client-scope", key: scope }];
      return [{ ...it, fields: { assigned }, implied: true, dependsOn }];
    });
  });
  // A new client is given what the realm has at that moment.
  const ahead = desired.filter(
    (it) => it.kind === "default-client-scope" && now.get(textOf(it.key)) !== assignedIn(it),
  );
  const isThere = new Set(observed.filter(isKind("client")).map(({ key }) => textOf(key)));
  const ordered = desired.map((it) =>
    ahead.length === 0 || it.kind !== "client" || isThere.has(textOf(it.key))
      ? it
      : { ...it, dependsOn: [...(it.dependsOn ?? []), ...ahead.map(({ kind, key }) => ({ kind, key }))] },
  );
  return [...ordered, ...missing];
}
