import { type Around, formatKey, type PlainMap, type Resource } from "../../reconcile/index.ts";
import { asFields, asSent, listOf, missing, type RealmAccess, textOf } from "../access.ts";
import type { OwnedKey } from "../identity.ts";
import { aliasOf, organizationsListed } from "../lists.ts";
import { idOf, inner, isMarked, type Kind, listMarker, withoutNulls } from "./kind.ts";
import { nobodys, unsaidOf } from "./unsaid.ts";

/** A domain belongs to one organization of a realm: of two wanted ones the checks of the file know, of others nobody does. */
function domainTaken({ fields }: Resource, { staying }: Around): string | undefined {
  const wanted = new Set(listOf(fields["domains"]).map(({ name }) => name));
  for (const other of staying) {
    if (other.kind !== "organization") continue;
    const taken = listOf(other.fields["domains"]).find(({ name }) => wanted.has(name));
    if (taken !== undefined) {
      return `needs the domain ${textOf(taken["name"])}, which the organization "${formatKey(other.key)}" has: take it from one of them`;
    }
  }
  return undefined;
}

/**
 * Organizations. A PUT clears description and domains and enables again when they are not sent, and takes back a domain's
 * `verified`: all that was read goes along. Members are never touched.
 */
export const organizationKind: Kind<"organization"> = {
  section: "organizations",
  rule: {
    kind: "organization",
    level: 2,
    lists: { domains: { by: "name" }, "attributes.*": "unordered" },
    // A domain decides whose customer an address is: it leaves one organization before another gets it.
    grants: true,
    // The accounts of its managed members go with it.
    irreversible: true,
    refuses: domainTaken,
    unsaid: unsaidOf({
      fields: { enabled: true, description: null, redirectUrl: null, domains: [] },
      open: { attributes: nobodys },
    }),
  },
  parts: ["organizations"],
  observe: ({ snapshot: { organizations } }) =>
    organizations.map((o) => ({
      kind: "organization",
      key: aliasOf(o),
      id: textOf(o.id),
      fields: asFields(o),
      owned: isMarked(o.attributes),
      remote: { id: textOf(o.id), raw: asFields(o) },
    })),
  create: async (at, { key, fields }) => {
    const attributes = { ...withoutNulls(inner(fields, "attributes")), ...listMarker };
    const body = { name: key, ...withoutNulls(fields), alias: key, attributes };
    await at.create(`create organization ${key}`, ({ organizations }, realm) =>
      organizations.create({ realm, ...asSent(body) }),
    );
  },
  update: (at, { key, fields }, observed) => {
    const raw: PlainMap = observed.remote?.raw ?? {};
    const attributes = withoutNulls({ ...inner(raw, "attributes"), ...inner(fields, "attributes") });
    const verified = new Map(listOf(raw["domains"]).map((d) => [d["name"], d["verified"] === true]));
    const domains = listOf(fields["domains"] ?? raw["domains"]).map((domain) => ({
      ...{ verified: verified.get(domain["name"]) ?? false, ...domain },
    }));
    const body = { ...withoutNulls({ ...raw, ...fields }), alias: key, domains, attributes };
    return at.write(`update organization ${key}`, ({ organizations }, realm) =>
      organizations.updateById({ realm, id: idOf(observed) }, asSent(body)),
    );
  },
  remove: (at, observed) =>
    at.remove(`delete organization ${observed.key}`, ({ organizations }, realm) =>
      organizations.delById({ realm, id: idOf(observed) }),
    ),
};

/** The names under which an IdP's config says how people are sent to it from their organization. */
const routing = { domain: "kc.org.domain", redirect: "kc.org.broker.redirect.mode.email-matches" } as const;

/** True for such a name. */
export const isRouting = (name: string): boolean => (Object.values(routing) as string[]).includes(name);

/** Which IdPs belong to which organization. The key is organization and alias; links of our organizations are ours. */
export const organizationIdentityProviderKind: Kind<"organization-upstream"> = {
  section: "organizations",
  rule: {
    ...{ kind: "organization-upstream", level: 3, grants: true },
    unsaid: unsaidOf({ fields: { domain: null, redirect: null } }),
  },
  parts: ["organizations", "links"],
  observe: ({ snapshot: { organizations, listed } }) => {
    const byId = new Map(organizations.map((o) => [textOf(o.id), o]));
    return listed.flatMap((identityProvider) => {
      const o = byId.get(textOf(identityProvider.organizationId));
      if (o === undefined) return [];
      const config = inner(asFields(identityProvider), "config");
      const fields = Object.entries(routing).map(([name, under]) => [name, config[under] ?? null]);
      return [
        {
          kind: "organization-upstream",
          key: [aliasOf(o), textOf(identityProvider.alias)] as const,
          fields: withoutNulls(Object.fromEntries(fields)),
          owned: isMarked(o.attributes),
          remote: { id: textOf(o.id) },
        },
      ];
    });
  },
  create: async (at, { key, fields }) => {
    const [organization, alias] = key;
    const orgId = await organizationId(at, organization);
    await at.create(`link ${formatKey(key)}`, ({ organizations }, realm) =>
      organizations.linkIdp({ realm, orgId, alias }),
    );
    await route(at, key, fields);
  },
  update: (at, { key, fields }) => route(at, key, fields),
  remove: (at, observed) =>
    at.remove(`unlink ${formatKey(observed.key)}`, ({ organizations }, realm) =>
      organizations.unLinkIdp({ realm, orgId: idOf(observed), alias: observed.key[1] }),
    ),
};

async function route(at: RealmAccess, key: OwnedKey, fields: PlainMap): Promise<void> {
  const declared = Object.entries(routing).filter(([name]) => fields[name] !== undefined);
  if (declared.length === 0) return;
  const doing = `route ${formatKey(key)}`;
  const [, alias] = key;
  const identityProvider = await at.one(`identity provider ${alias}`, ({ identityProviders }, realm) =>
    identityProviders.findOne({ realm, alias }),
  );
  if (identityProvider === undefined) throw missing(doing, "such identity provider");
  const wanted = Object.fromEntries(declared.map(([name, under]) => [under, fields[name] ?? null]));
  // A PUT replaces the provider. The mask of its secret goes back as it came: Keycloak keeps what it has.
  const config = withoutNulls({ ...inner(asFields(identityProvider), "config"), ...wanted });
  await at.write(doing, ({ identityProviders }, realm) =>
    identityProviders.update({ realm, alias }, { ...identityProvider, config }),
  );
}

/** Keycloak's id of an organization. Throws `Fault` when there is none. */
export async function organizationId(at: RealmAccess, alias: string): Promise<string> {
  const found = (await organizationsListed(at)).find((o) => aliasOf(o) === alias);
  if (found === undefined) throw missing(`find organization ${alias}`, "such organization");
  return textOf(found.id);
}
