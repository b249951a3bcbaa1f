import { type Path, suggest } from "../../../yaml/index.ts";
import { clientPolicyConditions, clientPolicyExecutors, clientProfiles } from "../known.ts";
import type { LocatedRealm } from "../model.ts";
import type { Report } from "./report.ts";

/** Client policies that Keycloak would refuse as a whole, or take and never heed. */
export function checkClientPolicies({ data, document }: LocatedRealm, report: Report): void {
  const known = (what: string, name: string, path: Path, all: readonly string[], more: string) => {
    if (all.includes(name)) return;
    report.wrong({ document, path }, `Keycloak has no ${what} "${name}"`, `${suggest(name, all)} ${more}`);
  };
  const jar = (list: string) => `(one that a jar brings is named under extensions.${list})`;
  const executors = [...clientPolicyExecutors, ...data.extensions.executors];
  for (const [name, profile] of Object.entries(data.clientProfiles)) {
    for (const [i, { executor }] of profile.executors.entries()) {
      const path = ["clientProfiles", name, "executors", i, "executor"];
      known("client policy executor", executor, path, executors, jar("executors"));
    }
    if (!clientProfiles.includes(name)) continue;
    const place = { document, path: ["clientProfiles", name] };
    report.wrong(place, `"${name}" is a profile of Keycloak's own`, "name yours anew", true);
  }
  const conditions = [...clientPolicyConditions, ...data.extensions.conditions];
  const profiles = [...Object.keys(data.clientProfiles), ...clientProfiles];
  for (const [name, policy] of Object.entries(data.clientPolicies)) {
    const path = ["clientPolicies", name];
    for (const [i, { condition }] of policy.conditions.entries()) {
      known(
        "client policy condition",
        condition,
        [...path, "conditions", i, "condition"],
        conditions,
        jar("conditions"),
      );
    }
    for (const [i, profile] of policy.profiles.entries()) {
      known("client profile", profile, [...path, "profiles", i], profiles, "Or describe it under clientProfiles");
    }
  }
}
