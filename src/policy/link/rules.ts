import { seconds } from "../../core/index.ts";
import { type Path, suggest, type YamlDocument } from "../../yaml/index.ts";
import { findPerson, matching } from "../analyse/example-login.ts";
import { type Located, type ProblemReport, sourceOf } from "../format/read.ts";
import type { PolicyDocument, RuleText } from "../format/schema.ts";
import type { Grant, PermissionSet } from "../model.ts";
import type { Draft } from "./draft.ts";
import type { LinkedTargets } from "./targets.ts";

const usualWithin = seconds(90 * 86_400);

/** The rules of a document over all grants of its tenant, whichever document those stand in. */
export function linkRules(
  { document, data }: Located<PolicyDocument>,
  draft: Draft,
  _linked: LinkedTargets,
  report: ProblemReport,
): void {
  for (const [i, rule] of (data.rules ?? []).entries()) {
    const path: Path = ["rules", i];
    if ("never-together" in rule)
      keepApart(document, [...path, "never-together"], rule["never-together"], draft, report);
    if ("count" in rule) linkCount(document, [...path, "count"], rule.count, draft, report);
  }
}

function knownSet(
  document: YamlDocument,
  path: Path,
  name: string,
  { sets }: Draft,
  report: ProblemReport,
): PermissionSet | undefined {
  const set = sets.get(name);
  if (set === undefined) report.add(document, path, `unknown set "${name}"`, suggest(name, sets.keys()));
  return set;
}

function linkCount(
  document: YamlDocument,
  path: Path,
  text: Extract<RuleText, { count: unknown }>["count"],
  draft: Draft,
  report: ProblemReport,
): void {
  const set = knownSet(document, [...path, "set"], text.set, draft, report);
  const [min, max] = [text.min ?? 0, text.max ?? Number.MAX_SAFE_INTEGER];
  if (min > max) report.add(document, [...path, "max"], "no number is at least min and at most max", "exchange them");
  if (set === undefined) return;
  const { from = usualWithin, otherwise = "warn" } = text;
  draft.counts.push({ set, min, max, within: from, otherwise, source: sourceOf(document, path) });
}

/**
 * Separation of duties, proven for all people there could be: of any two of the sets, no two grants may meet in one
 * person. What a login must show (amr, acr, assurance) does not keep them apart: a person may log in twice.
 */
function keepApart(
  document: YamlDocument,
  path: Path,
  names: readonly string[],
  draft: Draft,
  report: ProblemReport,
): void {
  const sets = names.flatMap((name, i) => knownSet(document, [...path, i], name, draft, report)?.name ?? []);
  if (new Set(sets).size < sets.length) report.add(document, path, "a set is listed twice", "remove one");
  for (const [i, one] of sets.entries())
    for (const other of sets.slice(i + 1)) {
      const found = one === other ? undefined : firstMeeting(draft, one, other);
      if (found !== undefined) report.add(document, path, found.message, found.fix);
    }
}

function firstMeeting(
  { grants, effort }: Draft,
  one: string,
  other: string,
): { message: string; fix: string } | undefined {
  const [first, second] = [one, other].map((name) => grants.filter((grant) => grant.set.name === name));
  for (const a of first ?? [])
    for (const b of second ?? []) {
      if (a.people.from !== b.people.from || !meetInTime(a, b)) continue;
      const search = findPerson([...matching(a.people), ...matching(b.people)], effort);
      if (search.kind === "none") continue;
      const perhaps = a.people.cel ?? b.people.cel;
      const proven = perhaps === undefined ? "would" : "might (cel cannot be judged ahead)";
      return {
        message:
          search.kind === "found"
            ? `a person of ${a.people.from} with ${JSON.stringify(search.claims)} ${proven} hold both: ${formatGrant(a)} and ${formatGrant(b)}`
            : `too many alternatives to say that nobody holds both: ${formatGrant(a)} and ${formatGrant(b)}`,
        fix: `exclude one from the other: add a "not" to ${a.people.name} or ${b.people.name}`,
      };
    }
  return undefined;
}

const formatGrant = (grant: Grant): string =>
  `${grant.set.name} by grant ${grant.id} (${grant.source.file}:${grant.source.line})`;

const meetInTime = (a: Grant, b: Grant): boolean =>
  (a.until === undefined || b.from === undefined || b.from < a.until) &&
  (b.until === undefined || a.from === undefined || a.from < b.until);
