import { asFields, type RealmAccess, type Representation, textOf } from "../access.ts";
import { permissionsClient } from "../format/known.ts";
import { organizationsOf } from "../lists.ts";

/** One page of what is below a thing. */
interface PageOf {
  readonly id: string;
  readonly first: number;
  readonly max: number;
}

/** What no kind reads and no file says, as far as the realm has any, for the notes of an import. Throws `Fault`. */
export async function unreadIn(at: RealmAccess): Promise<readonly string[]> {
  const { organizationsEnabled, adminPermissionsEnabled } = asFields((await at.settings()) ?? {});
  return [
    ...(organizationsEnabled === true ? await groupsOfOrganizations(at) : []),
    ...(adminPermissionsEnabled === true ? await permissionsOfAdministrators(at) : []),
  ];
}

async function groupsOfOrganizations(at: RealmAccess): Promise<readonly string[]> {
  const found = await Promise.all(
    (await organizationsOf(at)).map(async ({ id = "", alias }) => {
      const groups = await at.list("groups of an organization", ({ organizations }, realm) =>
        organizations.makeRequest<PageOf, Representation[]>({
          ...{ method: "GET", path: "/{id}/groups", urlParamKeys: ["id"], queryParamKeys: ["first", "max"] },
        })({ realm, id, first: 0, max: 1 }),
      );
      return groups.length === 0 ? [] : [`groups of the organization ${textOf(alias)}: its people make them`];
    }),
  );
  return found.flat();
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
