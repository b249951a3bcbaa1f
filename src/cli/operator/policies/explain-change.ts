import type { Instant } from "../../../core/index.ts";
import { explainChange } from "../../../operations/index.ts";
import type { KnownPerson, Policy } from "../../../policy/index.ts";
import { exitCodes, plain } from "../../failure.ts";
import { show, type Terminal } from "../../terminal.ts";
import { filesAt } from "../git.ts";

/** What `policies explain --diff` needs. */
interface ChangeQuestion {
  /** Commit, branch or tag to compare with. */
  readonly ref: string;
  readonly paths: readonly string[];
  readonly people: readonly KnownPerson[];
  readonly at: Instant;
  readonly json: boolean;
}

/** Says which known people gain or lose what, per target, if the files replace those of a commit. Exit code 2 when anybody does. */
export async function showChange(terminal: Terminal, policy: Policy, question: ChangeQuestion): Promise<number> {
  const { ref, paths, people, at, json } = question;
  const before = { name: `the policy of ${plain(ref)}`, files: await filesAt(ref, paths) };
  const { changes, unclear } = explainChange({ before, policy, people, at });
  if (json) show(terminal, JSON.stringify({ ref, people: people.length, changes, unclear }, undefined, 2));
  else {
    for (const [target, own] of Map.groupBy(changes, (change) => change.target)) {
      show(terminal, `${target}:`);
      for (const { right, gain, lose } of own) show(terminal, ...side("+", right, gain), ...side("-", right, lose));
    }
    if (unclear.length > 0) show(terminal, `cannot be said for ${formatPeople(unclear)}: a claim did not arrive whole`);
    show(terminal, `${changes.length} rights change for ${count(people.length)} of the ledger`);
  }
  return changes.length > 0 ? exitCodes.changes : exitCodes.ok;
}

const side = (sign: string, right: string, people: readonly string[]): string[] =>
  people.length === 0 ? [] : [`  ${sign} ${right}: ${formatPeople(people)}`];

const formatPeople = (people: readonly string[]): string =>
  `${count(people.length)} (${people.slice(0, 5).map(plain).join(", ")}${people.length > 5 ? ", …" : ""})`;

const count = (number: number): string => `${number} ${number === 1 ? "person" : "people"}`;
