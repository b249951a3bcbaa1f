import { type Instant, parseTime, parseZonedTime, type TargetName } from "../../core/index.ts";
import { type Path, suggest, type YamlDocument } from "../../yaml/index.ts";
import { type Located, type ProblemReport, sourceOf } from "../format/read.ts";
import type { PolicyDocument } from "../format/schema.ts";
import type { Target } from "../model.ts";
import { wrongAssurance } from "./claim-types.ts";
import type { Draft } from "./draft.ts";
import { checkPlacing, placeGrant } from "./place.ts";
import type { LinkedTargets } from "./targets.ts";

type GrantText = NonNullable<PolicyDocument["grants"]>[number];

/** The grants of a document, with every name resolved and every role under its limits. */
export function linkGrants(
  { document, data }: Located<PolicyDocument>,
  draft: Draft,
  linked: LinkedTargets,
  report: ProblemReport,
): void {
  for (const [i, text] of (data.grants ?? []).entries())
    linkGrant(document, ["grants", i], text, draft, linked, report);
}

function linkGrant(
  document: YamlDocument,
  path: Path,
  text: GrantText,
  draft: Draft,
  linked: LinkedTargets,
  report: ProblemReport,
): void {
  const { tenant, sets, people } = draft;
  if (!report.define(`grant of ${tenant.name}`, text.id, document, [...path, "id"], false)) return;
  const set = sets.get(text.give);
  if (set === undefined)
    report.add(document, [...path, "give"], `unknown set "${text.give}"`, suggest(text.give, sets.keys()));
  const to = people.get(text.to);
  if (to === undefined)
    report.add(document, [...path, "to"], `unknown people "${text.to}"`, suggest(text.to, people.keys()));
  const { from, until } = linkWindow(document, [...path, "valid"], text.valid ?? {}, report);
  for (const [i, value] of (text.require?.assurance ?? []).entries()) {
    const wrong = wrongAssurance(value);
    if (wrong !== undefined) report.add(document, [...path, "require", "assurance", i], wrong);
  }
  const at = checkAt(document, [...path, "at"], text.at, linked.targets, report);
  const opensConsole = at.some(([, target]) => target.kind === "console");
  if (opensConsole && at.length > 1) report.add(document, [...path, "at"], ...notAlone(text.give));
  if (set === undefined || to === undefined) return;
  for (const [i, target] of at)
    checkPlacing(document, [...path, "at", i], { id: text.id, set, tenant, target }, report);
  const grant = {
    id: text.id,
    tenant: tenant.name,
    set,
    people: to,
    at: at.map(([, target]) => target.name),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    amr: text.require?.amr ?? [],
    acr: text.require?.acr ?? [],
    assurance: text.require?.assurance ?? [],
    ...(text.because !== undefined && { because: text.because }),
    opensConsole,
    source: sourceOf(document, path),
  };
  const targets = at.map(([, target]) => target);
  draft.grants.push({ ...grant, entitlements: placeGrant(grant, tenant, targets) });
}

const notAlone = (set: string) =>
  [
    "who may open the console is said by a grant of its own",
    `remove console here, and add another grant of "${set}" at [console]`,
  ] as const;

/** A window's ends as moments. One that is never open is a problem; one that is over is worth a word from then on. */
function linkWindow(
  document: YamlDocument,
  path: Path,
  valid: NonNullable<GrantText["valid"]>,
  report: ProblemReport,
): { from?: Instant; until?: Instant } {
  const read = (end: "from" | "until"): Instant | undefined => {
    const text = valid[end];
    if (text === undefined) return undefined;
    const time = readMoment(text, valid.zone);
    if ("message" in time) report.add(document, [...path, end], time.message, time.fix);
    return "at" in time ? time.at : undefined;
  };
  const [from, until] = [read("from"), read("until")];
  if (from !== undefined && until !== undefined && from >= until)
    report.add(document, path, "this window is never open: it ends before it begins", "exchange from and until");
  if (until !== undefined)
    report.warn(document, path, "this window is over: the grant gives nothing any more", "remove the grant", until);
  return { ...(from !== undefined && { from }), ...(until !== undefined && { until }) };
}

/** A time with an offset, a date of UTC, or a time of the zone's clocks, which must show it exactly once. */
function readMoment(text: string, zone: string | undefined): { at: Instant } | { message: string; fix: string } {
  const plain = parseTime(text);
  if (plain !== undefined && (zone === undefined || text.includes("T"))) return { at: plain };
  if (zone === undefined)
    return { message: `"${text}" is not a time`, fix: 'add an offset like +01:00, or "zone: Europe/Berlin"' };
  const time = parseZonedTime(text, zone);
  if ("at" in time) return time;
  const message = {
    gap: `the clocks of ${zone} leave ${text} out`,
    twice: `the clocks of ${zone} show ${text} twice`,
    none: `"${text}" is not a time`,
  }[time.not];
  return { message, fix: "write it with an offset, like 2027-01-31T18:00+01:00" };
}

function checkAt(
  document: YamlDocument,
  path: Path,
  names: readonly string[],
  targets: ReadonlyMap<TargetName, Target>,
  report: ProblemReport,
): [number, Target][] {
  const seen = new Set<string>();
  return names.flatMap((name, i): [number, Target][] => {
    const target = targets.get(name as TargetName);
    if (target === undefined)
      report.add(document, [...path, i], `unknown target "${name}"`, suggest(name, targets.keys()));
    else if (seen.has(name)) report.add(document, [...path, i], `target "${name}" is listed twice`, "remove one");
    else {
      seen.add(name);
      return [[i, target]];
    }
    return [];
  });
}
