import type { PlainMap } from "../../reconcile/index.ts";
import { listOf, textOf } from "../access.ts";
import { builtInFlows } from "../format/known.ts";
import { builtinFlowKind, flowKind } from "../kinds/flow.ts";
import { flowBindingsKind } from "../kinds/realm.ts";
import { requiredActionKind } from "../kinds/texts.ts";
import { flowMarker } from "../markers.ts";
import { type ImportSource, pick, pointerPart, written } from "./source.ts";
import { maskedIn, tellingInside } from "./telling.ts";

/** `bindings` of the file. */
export function bindingsOf(source: ImportSource): Record<string, unknown> {
  const bound = source.changed(flowBindingsKind).get(source.realm)?.fields ?? {};
  return Object.fromEntries(
    Object.entries(bound).flatMap(([name, alias]) => {
      if (typeof alias === "string" && alias !== "") return [[name.replace(/Flow$/, ""), alias]];
      source.leave(`that no flow is bound as ${name}`);
      return [];
    }),
  );
}

/** `flows` of the file: those that somebody made, and those of Keycloak's own that are otherwise here. */
export function flowsOf(source: ImportSource): Record<string, unknown> {
  const own = [...source.changed(flowKind).keys()].filter((alias) => !builtInFlows.includes(alias));
  const whole = source.all(flowKind);
  return Object.fromEntries(
    [...own, ...source.changed(builtinFlowKind).keys()].sort().flatMap((alias) => {
      const fields = whole.get(alias)?.fields ?? {};
      const gone = providersIn(fields).find((provider) => !source.has(provider));
      if (gone !== undefined) {
        source.leave(`flow "${alias}": this Keycloak has no "${gone}" any more, and makes no such step`);
        return [];
      }
      const description = withoutMarker(textOf(fields["description"]));
      const type = textOf(fields["providerId"]).replace(/-flow$/, "");
      const steps = stepsIn(fields).map((step) => stepOf(source, alias, step));
      return [[alias, { ...written({ description, type }), steps }]];
    }),
  );
}

/** The file's description has no mark of ours: writing it adds it. */
const withoutMarker = (description: string): string | undefined =>
  (description.startsWith(flowMarker) ? description.slice(flowMarker.length).trimStart() : description) || undefined;

const providersIn = (step: PlainMap): readonly string[] =>
  [step["does"], step["provider"]].filter((one) => typeof one === "string").concat(stepsIn(step).flatMap(providersIn));

const stepsIn = (step: PlainMap) => listOf(step["steps"]) as readonly PlainMap[];

function stepOf(source: ImportSource, of: string, step: PlainMap): Record<string, unknown> {
  const requirement = textOf(step["requirement"]).toLowerCase();
  if (step["flow"] !== undefined) {
    const { flow, description, provider } = step;
    const steps = stepsIn(step).map((one) => stepOf(source, of, one));
    return { ...written({ flow, requirement, description, form: provider }), steps };
  }
  const config = step["config"] as PlainMap | undefined;
  const settings = (config?.["config"] ?? {}) as PlainMap;
  const alias = textOf(config?.["alias"]);
  const secrets = maskedIn(settings).map((name) => {
    source.masked(`/flows/${pointerPart(of)}/steps`);
    return [name, source.secret(["flows", of, alias, name], [of, alias, name])] as const;
  });
  const all = { ...tellingInside(settings), ...Object.fromEntries(secrets) };
  return written({
    does: step["does"],
    requirement,
    config: config && written({ alias: config["alias"], settings: all }),
  });
}

/** `requiredActions` of the file. */
export function actionsOf(source: ImportSource): Record<string, unknown> {
  return Object.fromEntries(
    [...source.changed(requiredActionKind).values()].map(({ key: alias, fields }) => {
      const { taken, rest } = pick(fields, "alias", "name", "enabled", "defaultAction", "priority");
      const { name, enabled, defaultAction: everybody, priority } = taken;
      return [alias, written({ name, enabled, everybody, priority, raw: rest })];
    }),
  );
}
