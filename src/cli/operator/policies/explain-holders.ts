import type { Instant } from "../../../core/index.ts";
import { explainHolders } from "../../../operations/index.ts";
import type { KnownPerson, Policy } from "../../../policy/index.ts";
import { CommandFailure } from "../../failure.ts";
import { show, type Terminal } from "../../terminal.ts";
import { type Commits, formatPlace } from "./line-commits.ts";

/** What `policies explain --who` needs. */
interface HoldersQuestion {
  /** `manager on gx1 domain customer-a` */
  readonly right: string;
  /** Known people, when there is a ledger. */
  readonly people: readonly KnownPerson[] | undefined;
  readonly at: Instant;
  readonly json: boolean;
}

/** Shows the grants that give a right, to whom, and how many known people that is. */
export async function showHolders(
  terminal: Terminal,
  policy: Policy,
  { right, people, at, json }: HoldersQuestion,
  commits: Commits,
): Promise<void> {
  const { asked, grants } = explainHolders({
    policy,
    right: readRight(right),
    at,
    ...(people !== undefined && { people }),
  });
  const rows = await Promise.all(
    grants.map(async ({ known, ...row }) => ({
      ...row,
      commit: await commits(row.source),
      ...(known !== undefined && { known }),
    })),
  );
  if (json) return show(terminal, JSON.stringify({ asked, grants: rows }, undefined, 2));
  if (rows.length === 0) return show(terminal, "no grant gives it");
  for (const { grant, by, people: who, conditions, limits, source, commit, known } of rows) {
    show(
      terminal,
      `grant ${grant} gives ${by}  (${formatPlace(source, commit)})`,
      `  to ${who}: ${conditions}`,
      ...limits.map((limit) => `  ${limit}`),
      ...(known === undefined ? [] : [`  known people who have it now: ${known.length}`]),
    );
  }
}

function readRight(right: string): { readonly target: string; readonly scope: string; readonly role: string } {
  const [, role, target, scope] = /^(\S+) on (\S+) (.+)$/.exec(right) ?? [];
  if (role !== undefined && target !== undefined && scope !== undefined) return { target, scope, role };
  throw new CommandFailure(`"${right}" is not a right`, { fix: 'write it like "manager on gx1 domain customer-a"' });
}
