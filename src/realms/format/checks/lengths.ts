import type { Path } from "../../../yaml/index.ts";
import type { LocatedRealm } from "../model.ts";
import type { GroupEntry } from "../rights.ts";
import { longest } from "../vocabulary.ts";
import type { Report } from "./report.ts";
import { eachGroup } from "./rights.ts";

/** Keycloak's column for an attribute of a client scope. */
const longestOfScope = 2048;

type Attributes = Readonly<Record<string, string | readonly string[] | null>>;

/**
 * Attributes that do not fit into Keycloak's columns: it would answer HTTP 500 in the middle of an apply. Those of clients,
 * realms and accounts may have any length.
 */
export function checkLengths({ documents }: LocatedRealm, report: Report): void {
  for (const { document, data: part } of documents) {
    const check = (what: string, path: Path, attributes: Attributes | undefined, most = longest) => {
      for (const [name, value] of Object.entries(attributes ?? {})) {
        for (const text of [value ?? ""].flat()) {
          if (text.length <= most) continue;
          const message = `${text.length} characters; Keycloak holds at most ${most} for an attribute of ${what}`;
          report.wrong({ document, path: [...path, "attributes", name] }, message, "make it shorter");
        }
      }
    };
    for (const [name, { attributes }] of Object.entries(part.roles.realm)) {
      check("a role", ["roles", "realm", name], attributes);
    }
    for (const [client, roles] of Object.entries(part.roles.clients)) {
      for (const [name, { attributes }] of Object.entries(roles)) {
        check("a role", ["roles", "clients", client, name], attributes);
      }
    }
    for (const [name, { attributes }] of Object.entries(part.clientScopes)) {
      check("a client scope", ["clientScopes", name], attributes, longestOfScope);
    }
    const checkGroup = ({ attributes }: GroupEntry, path: Path) => check("a group", path, attributes);
    eachGroup(part.groups, ["groups"], checkGroup);
    for (const [i, { attributes, groups }] of part.organizations.entries()) {
      check("an organization", ["organizations", i], attributes);
      eachGroup(groups, ["organizations", i, "groups"], checkGroup);
    }
  }
}
