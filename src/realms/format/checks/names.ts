import { claimPath, writtenClaim } from "../../../core/index.ts";
import { suggest } from "../../../yaml/index.ts";
import { isKeycloaksOnly } from "../identity-providers.ts";
import { reservedClients, unchangeableClients } from "../known.ts";
import { takesOver } from "../manage.ts";
import type { LocatedDocument, LocatedRealm } from "../model.ts";
import type { Report } from "./report.ts";

/** Names that must be unique, names that are Keycloak's, and organizations whose identity providers are not there. */
export function checkNames(realm: LocatedRealm, report: Report): void {
  const here = [realm.data.keycloak, realm.data.realm];
  const { document, data } = realm;
  if (data.realm === "master") {
    const place = { document, path: ["realm"] };
    report.wrong(place, "the realm master administers Keycloak itself", "choose a realm of its own");
  }
  if (data.broker !== undefined) {
    const place = { document, path: ["broker", "clientId"] };
    notReserved(data.broker.clientId, place, report);
    report.once("client", here, data.broker.clientId, place);
  }
  const aliases = data.upstreams.map((u) => u.id);
  for (const one of realm.documents) {
    identityProviders(one, here, data.broker !== undefined, report);
    organizations(one, here, aliases, report);
    members(one, data.broker !== undefined, report);
    maps(one, here, takesOver(data.manage.clients), report);
  }
}

function notReserved(clientId: string, place: Parameters<Report["wrong"]>[0], report: Report): void {
  if (!reservedClients.includes(clientId)) return;
  report.wrong(place, `"${clientId}" is a client of Keycloak's own`, 'choose another name, such as "cloudpass"', true);
}

function identityProviders(
  { document, data }: LocatedDocument,
  here: readonly string[],
  brokered: boolean,
  report: Report,
): void {
  for (const [i, identityProvider] of data.upstreams.entries()) {
    const path = ["upstreams", i];
    // One alias is one customer's IdP for the policy too, which does not know realms. Of one that only Keycloak knows it is not.
    const within = !brokered && isKeycloaksOnly(identityProvider) ? here : [];
    report.once("identity provider", within, identityProvider.id, { document, path: [...path, "id"] });
    if (identityProvider.stage === "testing" && identityProvider.testers.length === 0) {
      const message = "an identity provider in testing without testers lets nobody in";
      report.wrong({ document, path: [...path, "stage"] }, message, "name them under `testers`");
    }
    if (identityProvider.stage !== "testing" && identityProvider.testers.length > 0) {
      const message = `testers mean nothing at the stage "${identityProvider.stage}"`;
      report.wrong({ document, path: [...path, "testers"] }, message, "set `stage: testing`, or remove them");
    }
    for (const { name, type, of, overage, from } of identityProvider.claims) {
      const at = { document, path: [...path, "claims", name] };
      if (from !== undefined && identityProvider.template !== "saml" && splitsHost(from)) {
        const place = { document, path: [...at.path, "from"] };
        const message = `Keycloak reads a dot as the way into an object, so no claim is called "${from}"`;
        report.wrong(place, message, `for the claim of this name, write '${writtenClaim(from)}'`);
      }
      if (of !== undefined && type !== "list") report.wrong(at, "only a list has items", "remove `of`");
      if (overage !== undefined && type !== "list") report.wrong(at, "only a list can be too long", "remove `overage`");
      if (overage === "graph" && identityProvider.template !== "entra") {
        report.wrong(at, "only Microsoft Entra ID has the directory that `graph` asks", "write `deny` or `unknown`");
      }
    }
  }
}

/** No host has a name without its dots, so a part that ends within one is no claim's name. */
const splitsHost = (from: string): boolean =>
  claimPath(from)
    .slice(0, -1)
    .some((part) => /^[a-z][a-z0-9+.-]*:\/\/[^/]*$/i.test(part));

function organizations(
  { document, data }: LocatedDocument,
  here: readonly string[],
  aliases: readonly string[],
  report: Report,
) {
  for (const [i, o] of data.organizations.entries()) {
    const path = ["organizations", i];
    report.once("organization", here, o.id, { document, path: [...path, "id"] });
    report.once("organization name", here, o.name, { document, path: [...path, "name"] });
    for (const [j, { name }] of o.domains.entries()) {
      report.once("domain", here, name, { document, path: [...path, "domains", j] });
    }
    for (const [alias, { domain }] of Object.entries(o.routes)) {
      const place = { document, path: [...path, "routes", alias] };
      const domains = ["ANY", ...o.domains.map(({ name }) => name)];
      if (!o.upstreams.some((id) => id === alias) || alias === o.login)
        report.wrong(place, `"${alias}" is none of its other identity providers`, "write it under `upstreams`", true);
      else if (domain !== undefined && !domains.includes(domain))
        report.wrong(place, `"${domain}" is no domain of this organization`, suggest(domain, domains));
    }
    const linked = o.upstreams.map((alias, j) => ({ alias, path: [...path, "upstreams", j] }));
    const login =
      o.login === undefined || o.upstreams.includes(o.login) ? [] : [{ alias: o.login, path: [...path, "login"] }];
    for (const { alias, path } of [...login, ...linked]) {
      const place = { document, path };
      if (aliases.includes(alias)) report.once("identity provider of an organization", here, alias, place);
      else report.wrong(place, `no identity provider "${alias}" in this realm`, suggest(alias, aliases));
    }
  }
}

/** People without an identity provider are told apart by a name in its place, which must be nobody else's (S-34). */
function members({ document, data }: LocatedDocument, brokered: boolean, report: Report): void {
  for (const [i, { members }] of data.organizations.entries()) {
    if (members === undefined) continue;
    const place = { document, path: ["organizations", i, "members"] };
    report.once("identity provider", [], members, place);
    if (!brokered) report.wrong(place, "only a broker lets members in", "describe a realm with a broker, or remove it");
  }
}

/** Sections that are maps: within one document the parser sees twins, over several documents nobody but us. */
function maps({ document, data }: LocatedDocument, here: readonly string[], adopts: boolean, report: Report): void {
  const each = (what: string, path: readonly string[], map: Readonly<Record<string, unknown>>) => {
    for (const name of Object.keys(map)) {
      report.once(what, [...here, ...path.slice(1)], name, { document, path: [...path, name] });
    }
  };
  for (const clientId of Object.keys(data.clients)) {
    const place = { document, path: ["clients", clientId] };
    // Taken over as it is found, with nothing of a template.
    const mayChange = adopts && data.clients[clientId]?.template === "custom" && !unchangeableClients.has(clientId);
    if (!mayChange) notReserved(clientId, place, report);
    report.once("client", here, clientId, place);
  }
  each("client scope", ["clientScopes"], data.clientScopes);
  each("group", ["groups"], data.groups);
  each("flow", ["flows"], data.flows);
  each("realm role", ["roles", "realm"], data.roles.realm);
  for (const [client, roles] of Object.entries(data.roles.clients)) each("role", ["roles", "clients", client], roles);
  for (const [type, named] of Object.entries(data.components)) each("component", ["components", type], named);
}
