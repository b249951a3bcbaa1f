import { type Instant, isoTime, type TargetName } from "../../../core/index.ts";
import { formatPeople, type Grant, holdersOf, type KnownPerson, type Policy, whoHolds } from "../../../policy/index.ts";
import { suggest } from "../../../yaml/index.ts";
import { CommandFailure } from "../../failure.ts";
import { show, type Terminal } from "../../terminal.ts";
import { type Commits, formatPlace } from "./line-commits.ts";

/** What `policies explain --who` needs. */
export interface HoldersQuestion {
  /** `manager on gx1 domain customer-a` */
  readonly right: string;
  /** Known people, when there is a ledger. */
  readonly people: readonly KnownPerson[] | undefined;
  readonly at: Instant;
  readonly json: boolean;
}

/** Goes backwards from a right to the grants that give it, to whom, and how many known people that is. */
export async function explainHolders(
  terminal: Terminal,
  policy: Policy,
  { right, people, at, json }: HoldersQuestion,
  commits: Commits,
): Promise<void> {
  const asked = readRight(policy, right);
  const rows = await Promise.all(
    whoHolds(policy, asked).map(async ({ grant, by }) => ({
      ...rowOf(grant, by, at),
      commit: await commits(grant.source),
      ...(people !== undefined && { known: holdersOf(policy, grant, people, at).map(({ person }) => person) }),
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

function readRight(policy: Policy, right: string): { target: TargetName; scope: string; role: string } {
  const [, role, name, scope] = /^(\S+) on (\S+) (.+)$/.exec(right) ?? [];
  if (role === undefined || name === undefined || scope === undefined)
    throw new CommandFailure(`"${right}" is no right`, { fix: 'write it like "manager on gx1 domain customer-a"' });
  const target = policy.targets.get(name as TargetName);
  if (target === undefined)
    throw new CommandFailure(`the policy has no target "${name}"`, { means: suggest(name, policy.targets.keys()) });
  return { target: target.name, scope, role };
}

const rowOf = (grant: Grant, by: string, at: Instant) => ({
  grant: grant.id,
  tenant: grant.tenant,
  by,
  people: grant.people.name,
  conditions: formatPeople(grant.people),
  limits: limitsOf(grant, at),
  source: grant.source,
});

const limitsOf = ({ from, until, amr, acr, assurance, set }: Grant, at: Instant): string[] => [
  ...(from !== undefined ? [`${at < from ? "not before" : "since"} ${isoTime(from)}`] : []),
  ...(until !== undefined ? [`${at < until ? "until" : "over since"} ${isoTime(until)}`] : []),
  ...(amr.length > 0 ? [`with the authentication method ${amr.join(", ")}`] : []),
  ...(acr.length > 0 ? [`with the authentication class ${acr.join(" or ")}`] : []),
  ...(assurance.length > 0 ? [`with the assurance ${assurance.join(", ")}`] : []),
  ...(set.elevatedBy !== undefined ? [`not by a device login, but of clients that may (${set.elevatedBy})`] : []),
];
