import type AuthenticationFlowRepresentation from "@keycloak/keycloak-admin-client/lib/defs/authenticationFlowRepresentation.js";
import type { PlainMap } from "../../reconcile/index.ts";
import { asFields, asSent, type RealmAccess, textOf } from "../access.ts";
import { clientsOf, flowsOf, identityProvidersOf } from "../lists.ts";
import { clientBody } from "./client.ts";
import { inner, type RealmSite } from "./kind.ts";
import { newBindings } from "./new-realm.ts";

/** One step of a flow: an authenticator, or a flow within the flow. */
type Step =
  | { readonly does: string; readonly requirement: string; readonly config?: PlainMap }
  | {
      readonly flow: string;
      readonly requirement: string;
      readonly description?: string;
      readonly type?: string;
      readonly provider?: string;
      readonly steps: readonly Step[];
    };

// Keycloak allows no brackets in the name of a flow.
const unfinished = / being built \d+$/;

/** True for the alias of a flow that shall take the place of another. */
export const isUnfinished = (alias: string): boolean => unfinished.test(alias);
/** The alias that a flow has, or will have. */
export const nameOf = (alias: string): string => alias.replace(unfinished, "");

const executionsOf = (at: RealmAccess, flow: string) =>
  at.list(`steps of flow ${flow}`, ({ authenticationManagement: authentication }, realm) =>
    authentication.getExecutions({ realm, flow }),
  );

/**
 * Builds a flow under `alias`; the names of what is in it get what `alias` has more than `name`, because they are unique
 * in the realm. A flow that is not complete refuses logins: its steps start as DISABLED, and it identifies nobody.
 */
export async function buildFlow(at: RealmAccess, name: string, alias: string, fields: PlainMap): Promise<void> {
  const doing = `build flow ${name}`;
  const suffix = alias.slice(name.length);
  const providerId = textOf(fields["providerId"]) || "basic-flow";
  const flow = { alias, description: textOf(fields["description"]), providerId, topLevel: true, builtIn: false };
  await at.create(doing, (client, realm) => client.authenticationManagement.createFlow({ realm, ...flow }));
  const added: Step[] = [];
  const add = async (parent: string, steps: readonly Step[]): Promise<void> => {
    for (const step of steps) {
      added.push(step);
      await addStep(at, doing, parent, suffix, step);
      if ("flow" in step) await add(`${step.flow}${suffix}`, step.steps);
    }
  };
  await add(alias, (fields["steps"] ?? []) as unknown as readonly Step[]);
  for (const [i, execution] of (await executionsOf(at, alias)).entries()) {
    const step = added[i];
    if (step === undefined) continue;
    const { requirement } = step;
    await at.write(doing, (client, realm) =>
      client.authenticationManagement.updateExecution({ realm, flow: alias }, { ...execution, requirement }),
    );
    if (!("does" in step) || step.config === undefined) continue;
    const id = textOf(execution.id);
    const config = { alias: `${textOf(step.config["alias"])}${suffix}`, config: inner(step.config, "config") };
    await at.create(doing, (client, realm) =>
      client.authenticationManagement.createConfig({ realm, id, ...asSent(config) }),
    );
  }
}

function addStep(at: RealmAccess, doing: string, flow: string, suffix: string, step: Step): Promise<unknown> {
  if ("does" in step) {
    const { does: provider } = step;
    return at.create(`${doing}: add step ${provider} to it`, (client, realm) =>
      client.authenticationManagement.addExecutionToFlow({ realm, flow, provider }),
    );
  }
  const { type = "basic-flow", provider = "", description = "" } = step;
  const child = { alias: `${step.flow}${suffix}`, type, provider, description };
  return at.create(`${doing}: add flow ${child.alias} to it`, (client, realm) =>
    client.authenticationManagement.addFlowToFlow({ realm, flow, ...child }),
  );
}

/**
 * Builds the flow anew, moves everything over that uses what stands under its name, and then retires that. `builtIn`: it
 * comes with every realm, and says so again when all is done.
 */
export async function replaceFlow(
  at: RealmSite,
  name: string,
  fields: PlainMap,
  { builtIn = false } = {},
): Promise<void> {
  const doing = `replace flow ${name}`;
  const old = (await flowsOf(at)).filter((f) => f.topLevel === true && nameOf(textOf(f.alias)) === name);
  const taken = new Set(old.map((f) => f.alias));
  let n = 1;
  while (taken.has(`${name} being built ${n}`)) n++;
  const alias = `${name} being built ${n}`;
  await buildFlow(at, name, alias, fields);
  await rebind(at, doing, old, alias);
  for (const flow of old) {
    // Keycloak deletes no flow that says it is its own.
    if (flow.builtIn === true) await markBuiltIn(at, doing, textOf(flow.alias), false);
    await deleteFlow(at, doing, textOf(flow.id));
  }
  // Its name comes last: whatever still has another one is not done, and the next run sees that.
  if (builtIn) await markBuiltIn(at, doing, alias, true);
  await rename(at, doing, alias);
}

async function markBuiltIn(at: RealmAccess, doing: string, alias: string, builtIn: boolean): Promise<void> {
  const inside = (await executionsOf(at, alias)).flatMap(({ flowId }) => flowId ?? []);
  const itself = (await flowsOf(at)).flatMap((flow) => (flow.alias === alias && flow.id ? [flow.id] : []));
  for (const id of [...inside, ...itself]) await changeFlow(at, doing, id, () => ({ builtIn }));
}

const deleteFlow = (at: RealmAccess, doing: string, flowId: string): Promise<void> =>
  at.remove(doing, (client, realm) => client.authenticationManagement.deleteFlow({ realm, flowId }));

/** Lets realm, identity providers and clients use another flow. Each of them has, at any time, one that is complete. */
async function rebind(
  at: RealmSite,
  doing: string,
  old: readonly AuthenticationFlowRepresentation[],
  alias: string,
): Promise<void> {
  const aliases = new Set<unknown>(old.map((f) => f.alias));
  const ids = new Set(old.map((f) => f.id));
  const rebound = (map: object) =>
    Object.fromEntries(
      Object.entries(map).flatMap(([field, value]) =>
        /Flow(Alias)?$/.test(field) && aliases.has(value) ? [[field, alias]] : [],
      ),
    );
  const bindings = rebound((await at.settings()) ?? {});
  if (Object.keys(bindings).length > 0) await at.stateStore.settle(doing, bindings);
  for (const provider of await identityProvidersOf(at)) {
    const changes = rebound(provider);
    if (Object.keys(changes).length === 0) continue;
    // A PUT replaces it; the masked secret goes back as it came, which Keycloak takes as "the one you have".
    await at.write(doing, ({ identityProviders }, realm) =>
      identityProviders.update({ realm, alias: textOf(provider.alias) }, { ...provider, ...changes }),
    );
  }
  const successor = (await flowsOf(at)).find((f) => f.alias === alias)?.id;
  for (const client of await clientsOf(at)) {
    const { id = "", clientId = "", authenticationFlowBindingOverrides: own = {} } = client;
    const changes = Object.entries(own).flatMap(([use, flow]) => (ids.has(flow) ? [[use, textOf(successor)]] : []));
    if (changes.length === 0) continue;
    const change = { authenticationFlowBindingOverrides: Object.fromEntries(changes) };
    const body = clientBody(clientId, asFields(client), change);
    await at.write(doing, ({ clients }, realm) => clients.update({ realm, id }, asSent(body)));
  }
}

/** Deletes a flow, with what a replacement has left of it. A realm that still uses it goes back to Keycloak's own. */
export async function removeFlow(at: RealmSite, name: string, ids: readonly string[]): Promise<void> {
  const doing = `delete flow ${name}`;
  const settings = asFields((await at.settings()) ?? {});
  const used = Object.entries(newBindings).filter(([binding]) => nameOf(textOf(settings[binding])) === name);
  const own = Object.fromEntries(used);
  if (used.length > 0) await at.stateStore.settle(doing, own);
  await unbind(at, doing, name, new Set(ids));
  for (const id of ids) await deleteFlow(at, doing, id);
}

/** Whoever else uses a flow that goes does as the realm does: Keycloak would answer 500 to the deletion, for ever. */
async function unbind(at: RealmAccess, doing: string, name: string, ids: ReadonlySet<string>): Promise<void> {
  for (const provider of await identityProvidersOf(at)) {
    const uses = (field: "firstBrokerLoginFlowAlias" | "postBrokerLoginFlowAlias") =>
      nameOf(textOf(provider[field])) === name;
    const changes = {
      ...(uses("firstBrokerLoginFlowAlias") && {
        firstBrokerLoginFlowAlias: textOf(newBindings["firstBrokerLoginFlow"]),
      }),
      ...(uses("postBrokerLoginFlowAlias") && { postBrokerLoginFlowAlias: "" }),
    };
    if (Object.keys(changes).length === 0) continue;
    await at.write(doing, ({ identityProviders }, realm) =>
      identityProviders.update({ realm, alias: textOf(provider.alias) }, { ...provider, ...changes }),
    );
  }
  for (const client of await clientsOf(at)) {
    const { id = "", clientId = "", authenticationFlowBindingOverrides: own = {} } = client;
    const changes = Object.entries(own).flatMap(([use, flow]) => (ids.has(flow) ? [[use, ""]] : []));
    if (changes.length === 0) continue;
    const change = { authenticationFlowBindingOverrides: Object.fromEntries(changes) };
    const body = clientBody(clientId, asFields(client), change);
    await at.write(doing, ({ clients }, realm) => clients.update({ realm, id }, asSent(body)));
  }
}

/** Gives the new flow, last of all, its name; bindings hold on to its id. */
async function rename(at: RealmAccess, doing: string, alias: string): Promise<void> {
  const withName = (flow: AuthenticationFlowRepresentation) => ({ alias: nameOf(textOf(flow.alias)) });
  for (const execution of await executionsOf(at, alias)) {
    if (execution.authenticationFlow === true) await changeFlow(at, doing, textOf(execution.flowId), withName);
    const id = execution.authenticationConfig;
    if (id === undefined) continue;
    const config = await at.one("config of a step", (client, realm) =>
      client.authenticationManagement.getConfig({ realm, id }),
    );
    const renamed = { ...config, alias: nameOf(textOf(config?.alias)) };
    await at.write(doing, (client, realm) => client.authenticationManagement.updateConfig({ realm, ...renamed, id }));
  }
  const top = (await flowsOf(at)).find((f) => f.alias === alias);
  await changeFlow(at, doing, textOf(top?.id), withName);
}

/** Changes what a flow says of itself; a PUT takes its alias from the body, so it is read first. */
export async function changeFlow(
  at: RealmAccess,
  doing: string,
  flowId: string,
  change: (flow: AuthenticationFlowRepresentation) => AuthenticationFlowRepresentation,
): Promise<void> {
  const flow =
    (await at.one("flow", (client, realm) => client.authenticationManagement.getFlow({ realm, flowId }))) ?? {};
  await at.write(doing, (client, realm) =>
    client.authenticationManagement.updateFlow({ realm, flowId }, { ...flow, ...change(flow) }),
  );
}
