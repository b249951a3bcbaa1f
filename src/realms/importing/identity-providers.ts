import type { Plain, PlainMap } from "../../reconcile/index.ts";
import { listOf, textOf } from "../access.ts";
import { isAddress } from "../format/vocabulary.ts";
import { identityProviderKind } from "../kinds/identity-provider.ts";
import { identityProviderMapperKind } from "../kinds/mapper.ts";
import { isRouting, organizationIdentityProviderKind, organizationKind } from "../kinds/organization.ts";
import { mappersOf } from "./mappers.ts";
import { organizationGroupsOf } from "./rights.ts";
import { type ImportSource, pick, pointerPart, written } from "./source.ts";

/** `upstreams` of the file: each as Keycloak has it, in the format's `custom` template. */
export function importedIdentityProviders(source: ImportSource): unknown[] {
  const mappers = mappersOf(source, identityProviderMapperKind);
  const linked = new Set([...source.all(organizationIdentityProviderKind).values()].map(({ key: [, alias] }) => alias));
  return [...source.changed(identityProviderKind).values()].map(({ key: alias, fields }) => {
    const { taken, rest } = pick(
      fields,
      ...["alias", "providerId", "displayName", "enabled", "trustEmail", "config"],
      ...["firstBrokerLoginFlowAlias", "postBrokerLoginFlowAlias"],
    );
    const secrets = source.maskedIn(identityProviderKind, alias).map((name) => {
      source.masked(`/upstreams/${pointerPart(alias)}/${pointerPart(name)}`);
      return [name, source.secret(["upstreams", alias, name], [alias, name])] as const;
    });
    const more = Object.entries(rest).filter(([, value]) => value !== false);
    // Without a name the format would give it its id.
    const { displayName } = taken;
    const unnamed = displayName === undefined || displayName === "" ? { displayName: displayName ?? null } : {};
    const raw = { ...Object.fromEntries(more), ...unnamed };
    return written({
      id: alias,
      template: "custom",
      provider: taken["providerId"],
      displayName: displayName === "" ? undefined : displayName,
      enabled: taken["enabled"],
      trustEmail: taken["trustEmail"],
      config: linked.has(alias) ? withoutRoute(taken["config"]) : taken["config"],
      secrets: Object.fromEntries(secrets),
      flows: written({ firstLogin: taken["firstBrokerLoginFlowAlias"], postLogin: taken["postBrokerLoginFlowAlias"] }),
      mappers: mappers.get(alias) ?? {},
      raw,
    });
  });
}

/** How people are led to it is said where its organization is. */
const withoutRoute = (config: Plain | undefined): PlainMap =>
  Object.fromEntries(Object.entries((config ?? {}) as PlainMap).filter(([name]) => !isRouting(name)));

/** `organizations` of the file. */
export function organizationsOf(source: ImportSource): unknown[] {
  return [...source.changed(organizationKind).values()].map(({ key: id, fields }) => {
    const { taken, rest } = pick(
      fields,
      ...["name", "alias", "description", "enabled", "domains", "redirectUrl", "attributes"],
    );
    const domains = listOf(taken["domains"]).map((d) => ({
      name: textOf(d["name"]),
      verified: d["verified"] === true,
    }));
    domains.sort((a, b) => (a.name < b.name ? -1 : 1));
    const { redirectUrl } = taken;
    const isSafe = redirectUrl === undefined || isAddress(textOf(redirectUrl));
    const own = source.ownedBy(organizationIdentityProviderKind, id).map(({ key: [, alias], fields }) => {
      return { alias, domain: fields["domain"], redirect: fields["redirect"] };
    });
    const any = domains.length === 1 ? domains[0]?.name : "ANY";
    const login = own.find((link) => link.domain === any && link.redirect === "true")?.alias;
    return written({
      id,
      name: textOf(taken["name"]),
      description: taken["description"],
      enabled: taken["enabled"],
      domains: domains.map(({ name, verified }) => (verified ? { name, verified } : name)),
      login,
      upstreams: own.map((link) => link.alias).filter((alias) => alias !== login),
      routes: Object.fromEntries(
        own.flatMap(({ alias, domain, redirect }) => {
          const route = written({ domain, redirect: redirect === undefined ? undefined : redirect === "true" });
          return alias === login || Object.keys(route).length === 0 ? [] : [[alias, route]];
        }),
      ),
      redirectUrl: isSafe ? redirectUrl : undefined,
      attributes: taken["attributes"],
      groups: organizationGroupsOf(source, id),
      raw: { ...rest, ...(!isSafe && { redirectUrl }) },
    });
  });
}
