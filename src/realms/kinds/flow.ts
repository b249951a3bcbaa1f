import type { Around, Plain, PlainMap, Resource } from "../../reconcile/index.ts";
import { asFields, listOf, mapOf, type Representation, textOf } from "../access.ts";
import { builtInFlows } from "../format/known.ts";
import { isSecretName } from "../format/secrets.ts";
import { flowMarker } from "../markers.ts";
import { buildFlow, changeFlow, isUnfinished, nameOf, removeFlow, replaceFlow } from "./flow-building.ts";
import { idOf, type Kind, never, type Sight, texts } from "./kind.ts";

/** The authenticator `conditional-credential` names kinds of credentials. */
const hidden = (name: string): boolean => isSecretName(name) && name !== "credentials";

/**
 * Authentication flows. Steps cannot be changed in place without a moment in which logins fail, or pass that should not:
 * the whole is built anew beside the old one, everything that uses the old one is moved over, then the old one goes.
 */
export const flowKind: Kind<"authentication-flow"> = {
  section: "flows",
  rule: {
    ...{ kind: "authentication-flow", level: 1, immutable: ["steps", "providerId"], replace: "blue-green" },
    hides: hidden,
    refuses: nameTaken,
  },
  parts: [],
  observe: (sight) =>
    topLevel(sight).map(([name, found]) => ({ ...observed(sight, name, found), kind: "authentication-flow" })),
  create: async (at, { key, fields }) => {
    await buildFlow(at, key, key, withMarker(fields));
  },
  update: async (at, { key, fields }, observed) => {
    const description = textOf(withMarker(fields)["description"]);
    await changeFlow(at, `update flow ${key}`, idOf(observed), () => ({ description }));
  },
  replace: (at, { key, fields }) => replaceFlow(at, key, withMarker(fields)),
  remove: (at, { key, remote }) => removeFlow(at, key, texts(remote?.raw?.["ids"])),
};

/**
 * Flows that come with every realm, where a file says that one is otherwise here. Keycloak lets nobody add a step to them;
 * so such a one, too, is built anew beside the old one. It stays when the file no longer names it.
 */
export const builtinFlowKind: Kind<"builtin-flow"> = {
  section: "flows",
  rule: { kind: "builtin-flow", level: 1, shared: true, neverDelete: true, hides: hidden, refuses: nameTaken },
  parts: [],
  observe: (sight) =>
    topLevel(sight).flatMap(([name, found]) =>
      builtInFlows.includes(name) ? [{ ...observed(sight, name, found), kind: "builtin-flow", owned: false }] : [],
    ),
  create: (at, { key, fields }) => replaceFlow(at, key, fields, { builtIn: true }),
  update: (at, { key, fields }) => replaceFlow(at, key, fields, { builtIn: true }),
  remove: never("deleting a flow of Keycloak's own"),
};

/** Flows that stand for themselves, with what a replacement that was interrupted has left of each. */
function topLevel({
  snapshot: { realm },
}: Pick<Sight, "snapshot">): [name: string, found: readonly Representation[]][] {
  const flows = listOf(realm["authenticationFlows"]).filter((f) => f["topLevel"] === true);
  return [...Map.groupBy(flows, (flow) => nameOf(textOf(flow["alias"])))];
}

const withMarker = (fields: PlainMap): PlainMap => {
  const description = textOf(fields["description"]);
  if (description.startsWith(flowMarker)) return fields;
  return { ...fields, description: description === "" ? flowMarker : `${flowMarker} ${description}` };
};

/** A flow under its name; or what a replacement that was interrupted has left of it, which is never as it should be. */
function observed(sight: Sight, name: string, found: readonly Representation[]) {
  const { realm } = sight.snapshot;
  const flow = found.find((f) => !isUnfinished(textOf(f["alias"]))) ?? found[0] ?? {};
  const unfinished = found.some((f) => isUnfinished(textOf(f["alias"])));
  const wanted = textOf(sight.wanted.get(name)?.fields["description"]);
  const wantedSteps = sight.wanted.get(name)?.fields["steps"];
  const description = textOf(flow["description"]);
  const owned = found.some((f) => textOf(f["description"]).startsWith(flowMarker));
  return {
    key: name,
    fields: {
      // Whether the marker is part of the text or not makes no difference.
      description: plainText(wanted) === plainText(description) ? wanted : description,
      providerId: textOf(flow["providerId"]),
      steps: unfinished ? [] : asAsked(stepsOf(realm, flow), wantedSteps, owned),
    },
    owned,
    remote: { id: textOf(flow["id"]), raw: { ids: found.map((f) => textOf(f["id"])) } },
  };
}

const plainText = (description: string): string =>
  description.startsWith(flowMarker) ? description.slice(flowMarker.length).trimStart() : description;

/**
 * Of a flow that is not ours the descriptions within it are compared where the file says them: files of earlier releases
 * could not.
 */
function asAsked(steps: readonly PlainMap[], wanted: Plain | undefined, owned: boolean): readonly PlainMap[] {
  if (owned || wanted === undefined) return steps;
  const like = listOf(wanted);
  return steps.map((step) => {
    const asked = like.find((one) => one["flow"] === step["flow"]);
    if (step["flow"] === undefined || asked === undefined) return step;
    const { description, ...rest } = step;
    const inside = asAsked(listOf(step["steps"]) as readonly PlainMap[], asked["steps"] as Plain, owned);
    return {
      ...rest,
      ...(asked["description"] !== undefined && description !== undefined && { description }),
      steps: inside,
    };
  });
}

/**
 * Keycloak knows flows within flows, and what steps are set up with, by their names in all of a realm. A second one of a
 * name it refuses when half of the flow is built.
 */
function nameTaken({ key, fields }: Resource, { staying, going }: Around): string | undefined {
  const names = new Set(namesIn(fields["steps"]));
  // What goes, goes when this one is built already.
  for (const [other, end] of [
    ...staying.map((o) => [o, ""] as const),
    ...going.map((o) => [o, ", which goes,"] as const),
  ]) {
    if (!["authentication-flow", "builtin-flow"].includes(other.kind) || other.key === key) continue;
    const taken = namesIn(other.fields["steps"]).find((name) => names.has(name));
    if (taken === undefined) continue;
    return `needs the name ${taken}, which the flow "${textOf(other.key)}"${end} has within it: write another name`;
  }
  return undefined;
}

/** What is known by name within a flow. */
function namesIn(steps: Plain | undefined): string[] {
  return listOf(steps).flatMap((step) => {
    const [flow, config] = [textOf(step["flow"]), textOf(mapOf(step["config"])?.["alias"])];
    return [
      ...(flow === "" ? [] : [`"${flow}" of a flow`]),
      ...(config === "" ? [] : [`"${config}" of a configuration`]),
      ...namesIn(step["steps"] as Plain | undefined),
    ];
  });
}

/** The export's flows, which name each other, as the tree they are. */
function stepsOf(realm: Representation, flow: Representation): readonly PlainMap[] {
  const flows = listOf(realm["authenticationFlows"]);
  const configs = listOf(realm["authenticatorConfig"]);
  return listOf(flow["authenticationExecutions"]).map((execution): PlainMap => {
    const requirement = textOf(execution["requirement"]);
    const alias = textOf(execution["flowAlias"]);
    if (alias !== "") {
      const child = flows.find((f) => f["alias"] === alias) ?? {};
      const type = textOf(child["providerId"]);
      // A form is a flow that a provider draws; all others are plain.
      const form = type === "basic-flow" ? {} : { type, provider: textOf(execution["authenticator"]) };
      const description = textOf(child["description"]);
      const described = description === "" ? {} : { description };
      return { flow: alias, requirement, ...described, ...form, steps: stepsOf(realm, child) };
    }
    const config = configs.find((c) => c["alias"] === execution["authenticatorConfig"]);
    const does = textOf(execution["authenticator"]);
    if (config === undefined) return { does, requirement };
    const settings = asFields(mapOf(config["config"]) ?? {});
    return { does, requirement, config: { alias: textOf(config["alias"]), config: settings } };
  });
}
