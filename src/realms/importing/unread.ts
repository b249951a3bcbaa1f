import { asFields, type RealmAccess, textOf } from "../access.ts";
import { permissionsClient } from "../format/known.ts";

/** What no kind reads and no file says, as far as the realm has any, for the notes of an import. Throws `Fault`. */
export async function unreadIn(at: RealmAccess): Promise<readonly string[]> {
  const { adminPermissionsEnabled } = asFields((await at.settings()) ?? {});
  return adminPermissionsEnabled === true ? permissionsOfAdministrators(at) : [];
}

async function permissionsOfAdministrators(at: RealmAccess): Promise<readonly string[]> {
  const [client] = await at.list("clients", ({ clients }, realm) =>
    clients.find({ realm, clientId: permissionsClient }),
  );
  const id = textOf(client?.id);
  if (id === "") return [];
  const some = { first: 0, max: 1 };
  const policies = await at.list("permissions of administrators", async ({ clients }, realm) => {
    const found = await clients.listPolicies({ realm, id, ...some });
    return Array.isArray(found) ? found : [];
  });
  return policies.length === 0
    ? []
    : ["permissions of administrators, which name what they are about by Keycloak's ids: give them again by hand"];
}
