import { type Instant, parseTime } from "../../core/index.ts";
import type { Ignore, Manage, PlanOptions } from "../../reconcile/index.ts";
import { type Section, sectionOf } from "../format/manage.ts";
import type { RealmSpec } from "../format/model.ts";
import { pointed } from "../format/pointer.ts";

/** What a realm file says about whose the objects are (`manage`, `protect`) and what is left alone (`ignore`), for the engine. */
export function planningOf(spec: RealmSpec, now: Instant): PlanOptions {
  const manage = Object.fromEntries(
    Object.entries(sectionOf).flatMap(([kind, section]) => {
      const rule = ruleOf(spec, section);
      return rule === undefined ? [] : [[kind, rule] as const];
    }),
  );
  return { manage, ignore: spec.ignore.flatMap((it) => ignored(it, spec.realm)), now };
}

function ruleOf({ manage, protect }: RealmSpec, section: Section): Manage | undefined {
  const rule = manage[section];
  const kept = protect.includes(section);
  if (rule === undefined) return kept ? { mode: "own", prune: "never" } : undefined;
  // A group's key is its path.
  const only = rule.only?.map((name) => (section === "groups" && !name.startsWith("/") ? `/${name}` : name));
  return { mode: rule.mode, prune: kept ? "never" : rule.prune, ...(only !== undefined && { only }) };
}

function ignored({ at, because, until }: RealmSpec["ignore"][number], realm: string): Ignore[] {
  const to = pointed(at, realm);
  const end = parseTime(until);
  return to === undefined ? [] : [{ ...to, because, ...(end !== undefined && { until: end }) }];
}
