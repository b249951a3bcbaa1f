import { type Instant, parseTime } from "../../core/index.ts";
import type { Ignore, Manage, PlanOptions } from "../../reconcile/index.ts";
import type { Section } from "../format/manage.ts";
import type { RealmSpec } from "../format/model.ts";
import { pointed } from "../format/pointer.ts";
import { kinds } from "../kinds/index.ts";

/** What a realm file says about whose the objects are (`manage`, `protect`) and what is left alone (`ignore`), for the engine. */
export function planningOf(spec: RealmSpec, now: Instant): PlanOptions {
  const manage = Object.fromEntries(
    kinds.flatMap(({ section, rule: { kind } }) => {
      const managed = ruleOf(spec, section);
      return managed === undefined ? [] : [[kind, managed] as const];
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
