import { Bug } from "../core/index.ts";
import { type Driver, type KindRule, type Observed, ownershipOf, type Resource } from "../reconcile/index.ts";
import { realmAccess } from "./access.ts";
import { withBrought } from "./brought.ts";
import { scopesOfNewClients, withScopesOfClients } from "./client-scopes.ts";
import type { Keycloak } from "./connection.ts";
import { isSecretName } from "./format/secrets.ts";
import { recordHeld, revealed } from "./held-secrets.ts";
import { kindNamed, kinds } from "./kinds/index.ts";
import type { Kind, RealmSite, Remote, Seen, Wanted } from "./kinds/kind.ts";
import { leaseOn } from "./lease.ts";
import { readRealm } from "./reading.ts";
import { openRealmState, ownershipIn, placeName } from "./state.ts";

/** What holds for each kind of object in a realm: under the names of secrets nothing is shown, unless its kind knows better. */
export const realmKinds: readonly KindRule[] = kinds.map(({ rule, keycloaksOwn }) => ({
  hides: isSecretName,
  ...(keycloaksOwn && { productsOwn: keycloaksOwn }),
  ...rule,
}));

function kindOf(name: string): Kind {
  const kind = kindNamed(name);
  if (kind === undefined) throw new Bug(`no kind "${name}" in a realm`);
  return kind;
}

/** What the engine hands back is what it was given: a resource of `desiredRealm`, something that a kind has read. */
const wanted = (resource: Resource): Wanted => revealed(resource) as Wanted;
const seen = (observed: Observed<Remote>): Seen => observed as Seen;

/** The engine's hands on one realm of one Keycloak; `server` is that Keycloak's name in the environment file. */
export function realmDriver(keycloak: Keycloak, realm: string, server = "main"): Driver<Remote> {
  const access = realmAccess(keycloak, realm);
  // Of the last reading, by which the steps go.
  let narrower: ReturnType<typeof scopesOfNewClients> = new Map();
  const narrowerScopes = (client: string) => narrower.get(client);
  const at: RealmSite = { ...access, stateStore: openRealmState(access), narrowerScopes };
  const ownership = ownershipIn(access, at.stateStore);
  const recorded = new Set<string>();
  return {
    name: `keycloak ${server} realm ${realm}`,
    kinds: realmKinds,
    ownership,
    lease: leaseOn(access),
    read: async (desired, scope) => {
      const { all = [], absent = [], asksWhose = () => false } = scope ?? {};
      const named = [...desired, ...absent.map((it) => ({ ...it, fields: {} }))];
      const { state, observed: read } = await readRealm(at, named, new Set(all));
      const { owns, adopted } = ownershipOf(state.ownership, read);
      const isOurs = (it: Observed) => owns(it) && !adopted(it);
      const observed = await withBrought(at, read, { desired, all, asksWhose, isOurs });
      const ground = { desired, absent, observed, ownership: state.ownership };
      narrower = scopesOfNewClients(ground);
      return withScopesOfClients(ground, narrower);
    },
    create: async (resource) => {
      const kind = kindOf(resource.kind);
      if (resource.kind !== "realm") await recordPlaces(at, kind, resource, recorded);
      await kind.create(at, wanted(resource));
      await recordHeld(at, resource);
    },
    update: async (resource, observed, changes) => {
      await kindOf(resource.kind).update(at, wanted(resource), seen(observed), changes);
      await recordHeld(at, resource);
    },
    replace: async (resource, observed) => {
      const { replace } = kindOf(resource.kind);
      if (replace === undefined) throw new Bug(`nothing is replaced of kind "${resource.kind}"`);
      await replace(at, wanted(resource), seen(observed));
      await recordHeld(at, resource);
    },
    remove: (observed) => kindOf(observed.kind).remove(at, seen(observed)),
  };
}

/** Written before the first object is made somewhere: a run that dies in between leaves one place too many, no object unseen. */
async function recordPlaces(at: RealmSite, kind: Kind, resource: Resource, recorded: Set<string>): Promise<void> {
  const { kind: name } = kind.rule;
  if (kind.rule.recorded || kind.parts.length === 0) return;
  const where = kind.place?.(resource as Wanted);
  const places = [name, ...(where === undefined ? [] : [placeName(name, where)])].filter(
    (place) => !recorded.has(place),
  );
  if (places.length === 0) return;
  await at.stateStore.change((state) => ({
    ...state,
    places: [...new Set([...(state.places ?? []), ...places])].sort(),
  }));
  for (const place of places) recorded.add(place);
}
