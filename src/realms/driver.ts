import { Bug } from "../core/index.ts";
import type { Driver, KindRule } from "../reconcile/index.ts";
import type { Keycloak } from "./connection.ts";
import { clientKind, clientMapperKind, clientScopeKind } from "./kinds/client.ts";
import { defaultRightKind } from "./kinds/default-right.ts";
import { flowKind } from "./kinds/flow.ts";
import { identityProviderKind } from "./kinds/identity-provider.ts";
import type { Kind, Remote } from "./kinds/kind.ts";
import { organizationKind, organizationUpstreamKind } from "./kinds/organization.ts";
import { profileAttributeKind, profilePermissionKind } from "./kinds/profile-attribute.ts";
import { realmKind } from "./kinds/realm.ts";
import { upstreamMapperKind } from "./kinds/upstream-mapper.ts";
import { readSnapshot } from "./snapshot.ts";

const kinds: readonly Kind[] = [
  realmKind,
  profileAttributeKind,
  profilePermissionKind,
  defaultRightKind,
  flowKind,
  identityProviderKind,
  upstreamMapperKind,
  organizationKind,
  organizationUpstreamKind,
  clientKind,
  clientMapperKind,
  clientScopeKind,
];

/** What holds for each kind of object in a realm. */
export const realmKinds: readonly KindRule[] = kinds.map((kind) => kind.rule);

/** The engine's hands on one realm of one Keycloak. */
export function realmDriver(keycloak: Keycloak, realm: string): Driver<Remote> {
  const at = { keycloak, realm };
  const byName = new Map(kinds.map((kind) => [kind.rule.kind, kind]));
  const kindOf = (name: string): Kind => {
    const kind = byName.get(name);
    if (kind === undefined) throw new Bug(`no kind "${name}" in a realm`);
    return kind;
  };
  return {
    name: `keycloak realm ${realm}`,
    kinds: realmKinds,
    read: async (desired) => {
      const snapshot = await readSnapshot(keycloak, realm, desired);
      return snapshot === undefined ? [] : kinds.flatMap((kind) => kind.observe(snapshot, realm, desired));
    },
    create: (resource) => kindOf(resource.kind).create(at, resource),
    update: (resource, observed, changes) => kindOf(resource.kind).update(at, resource, observed, changes),
    remove: (observed) => kindOf(observed.kind).remove(at, observed),
  };
}
