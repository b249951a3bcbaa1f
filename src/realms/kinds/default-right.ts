import type RoleRepresentation from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import { Fault } from "../../core/index.ts";
import { type Kind, never, type RealmAccess, splitKey } from "./kind.ts";

/** A client role that everybody in the realm holds, or does not. The key is `<client> <role>`. */
export const defaultRightKind: Kind = {
  rule: {
    kind: "default-right",
    level: 1,
    adopt: true,
    neverDelete: true,
    grants: true,
    takesAway: (c) => c.to === false,
  },
  observe: ({ defaultRights, clientNames }, _realm, wanted) => {
    const held = new Set(
      defaultRights
        .filter((r) => r.clientRole)
        .map((r) => `${clientNames.get(r.containerId ?? "") ?? ""} ${r.name ?? ""}`),
    );
    return wanted
      .filter((w) => w.kind === "default-right")
      .map(({ kind, key }) => ({ kind, key, fields: { granted: held.has(key) }, owned: false }));
  },
  // Observed as soon as the realm is there; before that the realm's own defaults hold them.
  create: (at, { key, fields }) => change(at, key, fields["granted"] === true),
  update: (at, { key, fields }) => change(at, key, fields["granted"] === true),
  remove: never("deleting a default right"),
};

async function change({ realm, keycloak }: RealmAccess, key: string, granted: boolean): Promise<void> {
  const [clientId, roleName] = splitKey(key);
  const operation = `${granted ? "give" : "withhold"} the default right ${key} in realm ${realm}`;
  const read = <T>(request: Parameters<typeof keycloak.call<T>>[2]) => keycloak.call(operation, "read", request);
  const id = (await read((kc) => kc.realms.findOne({ realm })))?.defaultRole?.id;
  const [client] = await read((kc) => kc.clients.find({ realm, clientId }));
  const role: RoleRepresentation | null = await read((kc) =>
    kc.clients.findRole({ realm, id: client?.id ?? "", roleName }),
  );
  if (id === undefined || !role) throw new Fault("keycloak", operation, { says: "no such role", retryable: false });
  if (granted) await keycloak.call(operation, "write", (kc) => kc.roles.createComposite({ realm, roleId: id }, [role]));
  else await keycloak.call(operation, "write", (kc) => kc.roles.delCompositeRoles({ realm, id }, [role]));
}
