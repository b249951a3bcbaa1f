import { suggest } from "../../../yaml/index.ts";
import { builtInScopes } from "../known.ts";
import type { LocatedRealm } from "../model.ts";
import type { Report } from "./report.ts";

/** Of two places that exclude each other the second is reported. */
const before = { default: [], optional: ["default"], none: ["default", "optional"] } as const;

/** Client scopes that clients name: Keycloak drops one it does not know without a word. */
export function checkScopes({ data, documents }: LocatedRealm, report: Report): void {
  const known = [...Object.keys(data.clientScopes), ...builtInScopes];
  for (const { document, data: part } of documents) {
    for (const [clientId, client] of Object.entries(part.clients)) {
      const path = ["clients", clientId];
      for (const assigned of ["default", "optional", "none"] as const) {
        for (const [i, name] of (client.scopes[assigned] ?? []).entries()) {
          const place = { document, path: [...path, "scopes", assigned, i] };
          if (!known.includes(name))
            report.wrong(place, `no client scope "${name}" in this realm`, suggest(name, known));
          for (const other of before[assigned]) {
            if (!client.scopes[other]?.includes(name)) continue;
            report.wrong(place, `"${name}" cannot be both ${other} and ${assigned}`, "remove one of the two");
          }
        }
      }
      for (const field of ["defaultClientScopes", "optionalClientScopes"]) {
        if (client.raw?.[field] === undefined) continue;
        // Such a list is the whole list when a client is made (then without `basic` its tokens have no `sub`), and no list later.
        const message = `Keycloak takes \`${field}\` only when a client is made, and then drops the scopes that are not named`;
        report.wrong({ document, path: [...path, "raw", field] }, message, "write them under `scopes`");
      }
    }
  }
}
