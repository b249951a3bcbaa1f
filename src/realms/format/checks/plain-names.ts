import type { LocatedRealm } from "../model.ts";
import { isPlainDomain } from "../organizations.ts";
import { isPlainName, plainly } from "../vocabulary.ts";
import type { Report } from "./report.ts";

/**
 * With a broker these names go on: into issuers, policies, names of files and links that people are sent. A realm without
 * one may call things whatever Keycloak takes.
 */
export function checkPlainNames(realm: LocatedRealm, report: Report): void {
  if (realm.data.broker === undefined) return;
  const { document, data } = realm;
  if (!isPlainName(data.realm)) report.wrong({ document, path: ["realm"] }, plainly);
  for (const { document, data: part } of realm.documents) {
    for (const [i, { id }] of part.upstreams.entries()) {
      if (!isPlainName(id)) report.wrong({ document, path: ["upstreams", i, "id"] }, plainly);
    }
    for (const [i, { id, domains }] of part.organizations.entries()) {
      const path = ["organizations", i];
      if (!isPlainName(id)) report.wrong({ document, path: [...path, "id"] }, plainly);
      if (domains.length === 0) report.wrong({ document, path: [...path, "domains"] }, "at least one domain expected");
      for (const [j, { name }] of domains.entries()) {
        if (isPlainDomain(name)) continue;
        report.wrong({ document, path: [...path, "domains", j] }, "a domain in lower case expected");
      }
    }
  }
}
