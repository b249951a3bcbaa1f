import { ownerOf } from "../../../core/index.ts";
import type { LocatedDocument, LocatedRealm } from "../model.ts";
import type { Report } from "./report.ts";

/**
 * A part that is called after a customer's organization says that organization and its upstreams, and nothing that others
 * have, too: who may change it need not be trusted with the realm (S-83).
 */
export function checkOwners(realm: LocatedRealm, report: Report): void {
  const customers = new Map(realm.data.organizations.map((o) => [o.id.toLowerCase(), o]));
  for (const one of realm.documents) {
    const owner = one.data.kind === "RealmPart" ? ownerOf(one.document.file, customers) : undefined;
    const customer = owner === undefined ? undefined : customers.get(owner);
    if (customer === undefined) continue;
    const wrong = (path: (string | number)[]) => {
      const says = `this file is ${customer.id}'s by its name, and says nothing for others`;
      report.wrong({ document: one.document, path }, says, "put it into a file of the operator's", path.length === 1);
    };
    const upstreams = [...customer.upstreams, customer.login];
    for (const [i, { id }] of one.data.organizations.entries())
      if (id !== customer.id) wrong(["organizations", i, "id"]);
    for (const [i, { id }] of one.data.upstreams.entries())
      if (!upstreams.some((alias) => alias === id)) wrong(["upstreams", i, "id"]);
    for (const key of ofAll) if (isThere(one, key)) wrong([key]);
  }
}

/** Sections of a part that reach all customers of the realm. */
const ofAll = ["clients", "clientScopes", "groups", "flows", "roles", "components"] as const;

const isThere = ({ document }: LocatedDocument, key: string): boolean =>
  typeof document.value === "object" && document.value !== null && key in document.value;
