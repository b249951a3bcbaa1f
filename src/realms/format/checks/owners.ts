import { ownerOf } from "../../../core/index.ts";
import type { LocatedDocument, LocatedRealm } from "../model.ts";
import { walk } from "../secrets.ts";
import { referenceIn } from "../substitute.ts";
import type { Report } from "./report.ts";
import { eachGroup } from "./rights.ts";

/**
 * A part that is called after a customer's organization says that organization and its identity providers, and nothing that others
 * have, too: who may change it need not be trusted with the realm (S-83).
 */
export function checkOwners(realm: LocatedRealm, report: Report): void {
  const customers = new Map(realm.data.organizations.map((o) => [o.id.toLowerCase(), o]));
  for (const one of realm.documents) {
    const owner = one.data.kind === "RealmPart" ? ownerOf(one.document.file, customers) : undefined;
    const customer = owner === undefined ? undefined : customers.get(owner);
    if (customer === undefined) continue;
    const wrong = (path: (string | number)[]) => {
      const message = `this file is ${customer.id}'s by its name, and says nothing for others`;
      report.wrong(
        { document: one.document, path },
        message,
        "put it into a file of the operator's",
        path.length === 1,
      );
    };
    const identityProviders = [...customer.upstreams, customer.login];
    for (const [i, { id }] of one.data.organizations.entries())
      if (id !== customer.id) wrong(["organizations", i, "id"]);
    for (const [i, { id }] of one.data.upstreams.entries())
      if (!identityProviders.some((alias) => alias === id)) wrong(["upstreams", i, "id"]);
    for (const key of ofAll) if (isThere(one, key)) wrong([key]);
    for (const [i, { groups }] of one.data.organizations.entries())
      eachGroup(groups, ["organizations", i, "groups"], (group, path) => {
        // Roles are the realm's: one that administers it would reach every customer.
        for (const field of ["roles", "raw"] as const) if (group[field] !== undefined) wrong([...path, field]);
      });
    checkReferences(one, customer.id, [...customers.keys()], report);
  }
}

/** What a customer's part names is sent to that customer's own servers: another's secret would be theirs. */
function checkReferences(
  { document, written }: LocatedDocument,
  customer: string,
  customers: readonly string[],
  report: Report,
): void {
  walk(written.value, (value, path) => {
    const reference = typeof value === "object" && value !== null ? referenceIn(value) : undefined;
    if (reference === undefined) return;
    const own = customer.toLowerCase();
    const whose =
      "env" in reference ? ownerOfVariable(reference.env, customers) : ownerOf(reference.file, new Set(customers));
    if (whose === own) return;
    const message = `${"env" in reference ? reference.env : reference.file} is not ${customer}'s, whose file this is by its name`;
    const fix = `name a variable that begins with ${variablesOf(own)}, or a file that is called after it`;
    report.wrong({ document, path }, message, fix);
  });
}

/** How the variables of a customer begin: `CUSTOMER_A_` for customer-a. */
const variablesOf = (customer: string): string => `${customer.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_`;

/** The one with the longest name: `CUSTOMER_A_B_SECRET` is that of customer-a-b, where there is one. */
const ownerOfVariable = (name: string, customers: readonly string[]): string | undefined =>
  customers.filter((one) => name.startsWith(variablesOf(one))).sort((a, b) => b.length - a.length)[0];

/** Sections of a part that reach all customers of the realm. */
const ofAll = ["clients", "clientScopes", "groups", "flows", "roles", "components"] as const;

const isThere = ({ document }: LocatedDocument, key: string): boolean =>
  typeof document.value === "object" && document.value !== null && key in document.value;
