import type { Plain, PlainMap } from "../../reconcile/index.ts";
import { asFields, listOf, mapOf, type Representation, textOf } from "../access.ts";
import { isSecretName } from "../format/secrets.ts";
import { flowMarker } from "../markers.ts";
import { buildFlow, changeFlow, isUnfinished, nameOf, removeFlow, replaceFlow } from "./flow-building.ts";
import { idOf, type Kind, type Seen, type Sight, texts } from "./kind.ts";

/**
 * Authentication flows. Steps cannot be changed in place without a moment in which logins fail, or pass that should not:
 * the whole is built anew beside the old one, everything that uses the old one is moved over, then the old one goes.
 */
export const flowKind: Kind<"authentication-flow"> = {
  section: "flows",
  rule: {
    ...{ kind: "authentication-flow", level: 1, immutable: ["steps", "providerId"], replace: "blue-green" },
    // The authenticator `conditional-credential` names kinds of credentials.
    hides: (name) => isSecretName(name) && name !== "credentials",
  },
  parts: [],
  observe: (sight) => {
    const flows = listOf(sight.snapshot.realm["authenticationFlows"]);
    const byName = new Map<string, Representation[]>();
    for (const flow of flows.filter((f) => f["topLevel"] === true)) {
      const name = nameOf(textOf(flow["alias"]));
      byName.set(name, [...(byName.get(name) ?? []), flow]);
    }
    return [...byName].map(([name, found]) => observed(sight, name, found));
  },
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

const withMarker = (fields: PlainMap): PlainMap => {
  const description = textOf(fields["description"]);
  if (description.startsWith(flowMarker)) return fields;
  return { ...fields, description: description === "" ? flowMarker : `${flowMarker} ${description}` };
};

/** A flow under its name; or what a replacement that was interrupted has left of it, which is never as it should be. */
function observed(sight: Sight, name: string, found: readonly Representation[]): Seen<"authentication-flow"> {
  const { realm } = sight.snapshot;
  const flow = found.find((f) => !isUnfinished(textOf(f["alias"]))) ?? found[0] ?? {};
  const unfinished = found.some((f) => isUnfinished(textOf(f["alias"])));
  const wanted = textOf(sight.wanted.get(name)?.fields["description"]);
  const description = textOf(flow["description"]);
  return {
    kind: "authentication-flow",
    key: name,
    fields: {
      // Whether the marker is part of the text or not makes no difference.
      description: plainText(wanted) === plainText(description) ? wanted : description,
      providerId: textOf(flow["providerId"]),
      steps: unfinished ? [] : stepsOf(realm, flow),
    },
    owned: found.some((f) => textOf(f["description"]).startsWith(flowMarker)),
    remote: { id: textOf(flow["id"]), raw: { ids: found.map((f) => textOf(f["id"])) } },
  };
}

const plainText = (description: string): string =>
  description.startsWith(flowMarker) ? description.slice(flowMarker.length).trimStart() : description;

/** The export's flows, which name each other, as the tree they are. */
function stepsOf(realm: Representation, flow: Representation): readonly Plain[] {
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
      return { flow: alias, requirement, ...form, steps: stepsOf(realm, child) };
    }
    const config = configs.find((c) => c["alias"] === execution["authenticatorConfig"]);
    const does = textOf(execution["authenticator"]);
    if (config === undefined) return { does, requirement };
    const settings = asFields(mapOf(config["config"]) ?? {});
    return { does, requirement, config: { alias: textOf(config["alias"]), config: settings } };
  });
}
