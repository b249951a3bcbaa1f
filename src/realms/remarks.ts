import { identityOf, type Plan } from "../reconcile/index.ts";
import type { RealmSpec } from "./format/model.ts";

/** Whether the realm is not there yet, and a plan makes it. */
export function isMadeBy({ steps }: Plan, realm: string): boolean {
  const itself = identityOf({ kind: "realm", key: realm });
  return steps.some((step) => step.action === "create" && identityOf(step) === itself);
}

/** What a plan does that whoever wrote the file may not expect, each with what to do. */
export function remarksOn(spec: RealmSpec, plan: Plan): readonly string[] {
  const { realm, settings } = spec;
  // Keycloak makes a new realm disabled unless it is told otherwise.
  const isSilent = settings.enabled === undefined && settings.raw?.["enabled"] === undefined;
  if (!isMadeBy(plan, realm) || !isSilent) return [];
  return [
    `realm ${realm} will be made disabled: nobody can log in, since its file does not say otherwise. Write settings: {enabled: true}`,
  ];
}
