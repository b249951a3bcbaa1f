import type { Chance } from "./generator/chance.ts";
import type { Fields, Hand } from "./hand.ts";

/** Members that somebody changes by hand, by what is changed. */
const members: Readonly<Record<string, Fields>> = {
  realm: { displayName: "Changed by hand", accessTokenLifespan: 4242, rememberMe: true },
  client: {
    name: "Changed by hand",
    redirectUris: ["https://evil.example/*"],
    fullScopeAllowed: true,
    consentRequired: true,
  },
  role: { description: "Changed by hand", attributes: { changed: ["by hand"] } },
  group: { attributes: { changed: ["by hand"] } },
};

/** Changes by hand what somebody else's file made: a few things that are not Keycloak's own. Makes nothing new. */
export async function changeByHand(at: Hand, chance: Chance): Promise<void> {
  await at.change("", members["realm"] as Fields);
  const ours = (list: readonly Fields[]) =>
    chance.someOf(
      list.filter((it) => marked(it)),
      3,
    );
  for (const { id } of ours(await at.list("/clients")))
    await at.change(`/clients/${String(id)}`, members["client"] as Fields);
  for (const { id } of ours(await at.list("/roles?briefRepresentation=false"))) {
    await changeKeeping(at, `/roles-by-id/${String(id)}`, members["role"] as Fields);
  }
  for (const { id } of ours(await at.list("/groups?briefRepresentation=false"))) {
    await changeKeeping(at, `/groups/${String(id)}`, members["group"] as Fields);
  }
  const [scope] = ours(await at.list("/client-scopes"));
  if (scope !== undefined && chance.is(0.5)) await at.del(`/client-scopes/${String(scope["id"])}`);
}

/** As the console does it: attributes are added to those that are there. */
async function changeKeeping(at: Hand, path: string, changed: Fields): Promise<void> {
  const { attributes } = await at.get(path);
  await at.change(path, {
    ...changed,
    attributes: { ...(attributes as Fields), ...(changed["attributes"] as Fields) },
  });
}

/** Made by the product: it says so in its attributes. */
const marked = ({ attributes }: Fields): boolean =>
  Object.keys((attributes ?? {}) as Fields).some((name) => name.startsWith("cloudpass."));
