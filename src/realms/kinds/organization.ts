import type OrganizationRepresentation from "@keycloak/keycloak-admin-client/lib/defs/organizationRepresentation.js";
import { Fault } from "../../core/index.ts";
import type { PlainMap } from "../../reconcile/index.ts";
import { owner, ownerKey } from "../marks.ts";
import type { Snapshot } from "../snapshot.ts";
import { asFields, type Kind, never, type RealmAccess, splitKey } from "./kind.ts";

const isOurs = (o: OrganizationRepresentation): boolean => o.attributes?.[ownerKey]?.includes(owner) ?? false;
const aliasOf = (o: OrganizationRepresentation): string => o.alias ?? o.name ?? "";

/**
 * Organizations. A PUT clears description and domains and enables again when they are not sent, and takes back a domain's
 * `verified`: all that was read goes along. Members are never touched.
 */
export const organizationKind: Kind = {
  rule: {
    kind: "organization",
    level: 2,
    lists: { domains: { by: "name" } },
    // A domain decides whose customer an address is: it leaves one organization before another gets it.
    grants: true,
    // The accounts of its managed members go with it.
    irreversible: true,
  },
  observe: ({ organizations }) =>
    organizations.map((o) => ({
      kind: "organization",
      key: aliasOf(o),
      fields: asFields(o),
      owned: isOurs(o),
      remote: { id: o.id ?? "", raw: asFields(o) },
    })),
  create: async ({ realm, keycloak }, { key, fields }) => {
    const payload = { realm, ...fields, alias: key };
    await keycloak.call(`create organization ${key}`, "once", (kc) => kc.organizations.create(payload));
  },
  update: ({ realm, keycloak }, { key, fields }, { remote }) => {
    const raw = (remote?.raw ?? {}) as OrganizationRepresentation;
    const verified = new Map(raw.domains?.map((d) => [d.name, d.verified]));
    const domains = ((fields["domains"] ?? []) as unknown as { name: string }[]).map(({ name }) => ({
      name,
      verified: verified.get(name) ?? false,
    }));
    const attributes = { ...raw.attributes, ...(fields["attributes"] as PlainMap) } as Record<string, string[]>;
    const payload = { ...raw, ...fields, alias: key, domains, attributes };
    return keycloak.call(`update organization ${key}`, "write", (kc) =>
      kc.organizations.updateById({ realm, id: remote?.id ?? "" }, payload),
    );
  },
  remove: ({ realm, keycloak }, { key, remote }) =>
    keycloak.call(`delete organization ${key}`, "write", (kc) =>
      kc.organizations.delById({ realm, id: remote?.id ?? "" }, { catchNotFound: true }),
    ),
};

/** Which IdPs belong to which organization. The key is `<organization> <alias>`; links of our organizations are ours. */
export const organizationUpstreamKind: Kind = {
  rule: { kind: "organization-upstream", level: 3, grants: true },
  observe: (snapshot) => linksIn(snapshot),
  create: async (at, { key }) => {
    const [, alias] = splitKey(key);
    const orgId = await organizationId(at, key);
    const { realm, keycloak } = at;
    await keycloak.call(`link ${key}`, "once", (kc) => kc.organizations.linkIdp({ realm, orgId, alias }));
  },
  update: never("changing a link"),
  remove: async ({ realm, keycloak }, { key, remote }) => {
    const [, alias] = splitKey(key);
    await keycloak.call(`unlink ${key}`, "write", (kc) =>
      kc.organizations.unLinkIdp({ realm, orgId: remote?.id ?? "", alias }, { catchNotFound: true }),
    );
  },
};

function linksIn({ organizations, upstreams }: Snapshot) {
  return upstreams.flatMap(({ provider }) => {
    const o = organizations.find((one) => one.id === provider.organizationId);
    if (o === undefined) return [];
    const key = `${aliasOf(o)} ${provider.alias ?? ""}`;
    return [{ kind: "organization-upstream", key, fields: {}, owned: isOurs(o), remote: { id: o.id ?? "" } }];
  });
}

async function organizationId({ realm, keycloak }: RealmAccess, key: string): Promise<string> {
  const [alias] = splitKey(key);
  const operation = `find organization ${alias}`;
  const search = { realm, search: "", first: 0, max: 100 };
  for (; ; search.first += search.max) {
    const page = await keycloak.call(operation, "read", (kc) => kc.organizations.find({ ...search }));
    const found = page.find((o) => aliasOf(o) === alias)?.id;
    if (found !== undefined) return found;
    if (page.length < search.max) throw new Fault("keycloak", operation, { says: "there is none", retryable: false });
  }
}
