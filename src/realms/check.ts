import { type Path, type Problem, suggest, type YamlDocument } from "../core/index.ts";
import type { LocatedRealm } from "./model.ts";

/** Clients that Keycloak makes in every realm; a client of ours under such a name would take one over. */
const reservedClients = [
  "account",
  "account-console",
  "admin-cli",
  "broker",
  "realm-management",
  "security-admin-console",
];

/** What no single field shows: names used twice, names that lead nowhere, names that are Keycloak's. */
export function checkRelations(realms: readonly LocatedRealm[]): Problem[] {
  const problems: Problem[] = [];
  const once = firstOnly(problems);
  for (const { document, data } of realms) {
    const here = `${data.keycloak}/${data.realm}`;
    once("realm", here, data.realm, document, ["realm"]);
    if (data.realm === "master") {
      problems.push(
        document.problem(["realm"], "the realm master administers Keycloak itself", "choose a realm of its own"),
      );
    }
    if (reservedClients.includes(data.broker.clientId)) {
      const says = `"${data.broker.clientId}" is a client of Keycloak's own`;
      problems.push(document.problem(["broker", "clientId"], says, 'choose another name, such as "cloudpass"'));
    }
    const aliases = data.upstreams.map((u) => u.id);
    for (const [i, upstream] of data.upstreams.entries()) {
      // One alias is one customer's IdP for the policy too, which does not know realms.
      once("upstream", upstream.id, upstream.id, document, ["upstreams", i, "id"]);
    }
    for (const [i, o] of data.organizations.entries()) {
      once("organization", `${here} ${o.id}`, o.id, document, ["organizations", i, "id"]);
      once("organization name", `${here} ${o.name}`, o.name, document, ["organizations", i, "name"]);
      for (const [j, d] of o.domains.entries()) {
        once("domain", `${here} ${d}`, d, document, ["organizations", i, "domains", j]);
      }
      for (const [j, alias] of o.upstreams.entries()) {
        const path = ["organizations", i, "upstreams", j];
        if (aliases.includes(alias)) once("upstream of an organization", `${here} ${alias}`, alias, document, path);
        else problems.push(document.problem(path, `no upstream "${alias}" in this realm`, suggest(alias, aliases)));
      }
    }
  }
  return problems;
}

/** Reports the second and later use of a name, pointing to the first. */
function firstOnly(problems: Problem[]) {
  const seen = new Map<string, string>();
  return (what: string, id: string, name: string, document: YamlDocument, path: Path): void => {
    const first = seen.get(`${what} ${id}`);
    if (first === undefined) seen.set(`${what} ${id}`, `${document.file}:${document.at(path).line}`);
    else problems.push(document.problem(path, `${what} "${name}" is there twice; first in ${first}`, "remove one"));
  };
}
