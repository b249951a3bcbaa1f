import { ownerOf, type TenantName } from "../../core/index.ts";
import type { Documents, Located, ProblemReport } from "../format/read.ts";
import type { PolicyDocument } from "../format/schema.ts";
import type { Tenant } from "../model.ts";

/**
 * For whom a file may speak (S-83). Whoever may change a tenant's file must not give rights in another tenant, nor raise
 * what the operator allows: a file or folder that is called after a tenant is that tenant's, and so is one that begins
 * with a tenant's policy. A file that begins with `kind: Targets` is the operator's.
 */
export function checkFiles(
  { targets, policies }: Documents,
  tenants: ReadonlyMap<TenantName, Tenant>,
  report: ProblemReport,
): void {
  const names = new Set<string>(tenants.keys());
  const first = firstOf(targets, policies);
  for (const { document } of targets) {
    const owner = ownerOf(document.file, names) ?? first.get(document.file);
    if (owner !== undefined)
      report.add(
        document,
        ["kind"],
        `this file is ${owner}'s: what exists, and what may ever be given, is not for it to say`,
        "put it into a file of the operator's, which begins with it and is not called after a tenant",
      );
  }
  for (const { document, data } of policies) {
    const named = ownerOf(document.file, names);
    const owner = named ?? first.get(document.file);
    if (owner !== undefined && owner !== data.tenant)
      report.add(
        document,
        ["tenant"],
        `this file is ${owner}'s${named === undefined ? ", whose policy it begins with" : " by its name"}, and does not speak for ${data.tenant}`,
        `put it into a file of its own, such as ${data.tenant}.yaml`,
      );
  }
}

/** The tenant whose policy stands first in a file; files that begin with `kind: Targets` are left out. */
function firstOf(targets: Documents["targets"], policies: readonly Located<PolicyDocument>[]): Map<string, string> {
  const lines = new Map<string, { line: number; tenant: string | undefined }>();
  const note = ({ document }: Located<unknown>, tenant?: string) => {
    const { line } = document.at(["kind"]);
    const known = lines.get(document.file);
    if (known === undefined || line < known.line) lines.set(document.file, { line, tenant });
  };
  for (const one of targets) note(one);
  for (const one of policies) note(one, one.data.tenant);
  return new Map([...lines].flatMap(([file, { tenant }]) => (tenant === undefined ? [] : [[file, tenant] as const])));
}
