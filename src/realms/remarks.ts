import { identityOf, type Plan } from "../reconcile/index.ts";
import type { RealmSpec } from "./format/model.ts";

/** What a plan does that whoever wrote the file may not expect, each with what to do. */
export function remarksOn(spec: RealmSpec, plan: Plan): readonly string[] {
  const { realm, settings } = spec;
  const itself = identityOf({ kind: "realm", key: realm });
  const isMade = plan.steps.some((step) => step.action === "create" && identityOf(step) === itself);
  // Keycloak makes a new realm disabled unless it is told otherwise.
  const isSilent = settings.enabled === undefined && settings.raw?.["enabled"] === undefined;
  if (!isMade || !isSilent) return [];
  return [
    `realm ${realm} will be made disabled: nobody can log in, since its file does not say otherwise. Write settings: {enabled: true}`,
  ];
}
