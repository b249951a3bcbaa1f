import type { PlainMap } from "../../reconcile/index.ts";
import type { OrganizationSpec } from "../format/model.ts";
import type { RealmResource } from "../identity.ts";
import { defined, listed, merge } from "./fields.ts";
import { desiredOrganizationGroups } from "./rights.ts";

/** A customer with domains and IdPs; people with an address of its domains are led to the IdP of `login`. */
export const desiredOrganization = (o: OrganizationSpec): RealmResource[] => {
  const fields = {
    name: o.name,
    enabled: o.enabled,
    ...defined({ description: o.description, redirectUrl: o.redirectUrl }),
    domains: o.domains.map(({ name, verified }) => defined({ name, verified })),
    ...(o.attributes && { attributes: listed(o.attributes) }),
  };
  return [
    { kind: "organization", key: o.id, fields: merge(fields, o.raw) },
    ...o.upstreams.map(
      (alias): RealmResource => ({
        kind: "organization-upstream",
        key: [o.id, alias],
        fields:
          alias === o.login
            ? { domain: routed(o.domains.map(({ name }) => name)), redirect: "true" }
            : routeTo(o, alias),
        dependsOn: [
          { kind: "organization", key: o.id },
          { kind: "identity-provider", key: alias },
        ],
      }),
    ),
    ...desiredOrganizationGroups(o),
  ];
};

function routeTo({ routes }: OrganizationSpec, alias: string): PlainMap {
  const { domain, redirect } = (Object.hasOwn(routes, alias) && routes[alias]) || {};
  return defined({ domain, redirect: redirect?.toString() });
}

/** Keycloak's word for "any domain of the organization" is ANY. */
const routed = (domains: readonly string[]): string => (domains.length === 1 ? (domains[0] ?? "ANY") : "ANY");
