import { clientId, type Fields, type Hand, named } from "../hand.ts";
import type { Recipe } from "../recipe.ts";

/** Copies a built-in flow, as the console does. */
const copy = (at: Hand, flow: string, name: string) =>
  at.post(`/authentication/flows/${encodeURIComponent(flow)}/copy`, { newName: name });

/** Executions of a flow, flat, in their order. */
const executions = (at: Hand, flow: string) => at.list(`/authentication/flows/${encodeURIComponent(flow)}/executions`);

/** Makes a flow of its own with nothing in it. */
export const newFlow = (at: Hand, alias: string, more: Fields = {}) =>
  at.post("/authentication/flows", { alias, providerId: "basic-flow", topLevel: true, builtIn: false, ...more });

/** Puts an authenticator at the end of a flow; answers the execution's id. */
export async function addStep(at: Hand, flow: string, provider: string, requirement = "REQUIRED"): Promise<string> {
  const path = `/authentication/flows/${encodeURIComponent(flow)}/executions`;
  const id = await at.post(`${path}/execution`, { provider });
  await at.put(path, { ...named(await at.list(path), "id", id), requirement });
  return id;
}

/** Puts a sub-flow at the end of a flow. */
export async function addSubFlow(at: Hand, flow: string, alias: string, requirement = "REQUIRED", more: Fields = {}) {
  const path = `/authentication/flows/${encodeURIComponent(flow)}/executions`;
  await at.post(`${path}/flow`, { alias, type: "basic-flow", provider: "registration-page-form", ...more });
  await at.put(path, { ...named(await at.list(path), "displayName", alias), requirement });
}

const bindings = [
  ["direct grant", "directGrantFlow"],
  ["docker auth", "dockerAuthenticationFlow"],
  ["first broker login", "firstBrokerLoginFlow"],
  ["registration", "registrationFlow"],
] as const;

/** Traits of authentication: flows, their configuration, required actions. */
export const flowTraits: readonly Recipe[] = [
  {
    name: "built-in browser flow changed",
    byHand: async (at) => {
      const [cookie] = await executions(at, "browser");
      await at.put("/authentication/flows/browser/executions", { ...cookie, requirement: "DISABLED" });
    },
  },
  {
    name: "browser flow copied and bound",
    byHand: async (at) => {
      await copy(at, "browser", "browser of ours");
      await at.change("", { browserFlow: "browser of ours" });
    },
  },
  {
    name: "flow with a sub-flow that has a description",
    byHand: async (at) => {
      await newFlow(at, "mine", { description: "Of our own" });
      await addSubFlow(at, "mine", "inner", "ALTERNATIVE", { description: "What is inside" });
      await addStep(at, "inner", "auth-cookie", "ALTERNATIVE");
    },
  },
  {
    name: "own registration flow with its form",
    byHand: async (at) => {
      await copy(at, "registration", "registration of ours");
      await at.change("", { registrationFlow: "registration of ours", registrationAllowed: true });
    },
  },
  {
    name: "every flow copied and bound",
    byHand: async (at) => {
      for (const [flow, binding] of bindings) {
        await copy(at, flow, `${flow} of ours`);
        await at.change("", { [binding]: `${flow} of ours` });
      }
    },
  },
  {
    name: "own first-login flow",
    byHand: (at) => copy(at, "first broker login", "first login of ours"),
  },
  {
    name: "own reset flow, bound",
    byHand: async (at) => {
      await copy(at, "reset credentials", "reset of ours");
      await at.change("", { resetCredentialsFlow: "reset of ours" });
    },
  },
  {
    name: "own flow of clients, bound",
    byHand: async (at) => {
      await newFlow(at, "clients of ours", { providerId: "client-flow" });
      await addStep(at, "clients of ours", "client-secret", "ALTERNATIVE");
      await at.change("", { clientAuthenticationFlow: "clients of ours" });
    },
  },
  {
    name: "flow alias with blanks and an umlaut",
    byHand: (at) => newFlow(at, "1 Anmeldung für alle "),
  },
  {
    name: "step with a configuration",
    byHand: async (at) => {
      await newFlow(at, "mine");
      const step = await addStep(at, "mine", "identity-provider-redirector", "ALTERNATIVE");
      const config = { alias: "to acme", config: { defaultProvider: "acme" } };
      await at.post(`/authentication/executions/${step}/config`, config);
    },
  },
  {
    name: "client with its own browser flow",
    byHand: async (at) => {
      await copy(at, "browser", "browser of ours");
      const flow = named(await at.list("/authentication/flows"), "alias", "browser of ours").id;
      const bound = { authenticationFlowBindingOverrides: { browser: flow } };
      await at.post("/clients", { clientId: "desk", publicClient: true, ...bound });
    },
  },
  {
    name: "built-in step configured",
    byHand: async (at) => {
      const steps = await executions(at, "browser");
      const step = named(steps, "providerId", "identity-provider-redirector").id;
      const config = { alias: "to acme", config: { defaultProvider: "acme" } };
      await at.post(`/authentication/executions/${step}/config`, config);
    },
  },
  {
    name: "a required action unregistered",
    byHand: (at) => at.del("/authentication/required-actions/VERIFY_PROFILE"),
  },
  {
    name: "required actions in another order",
    byHand: async (at) => {
      await at.post("/authentication/required-actions/CONFIGURE_TOTP/lower-priority");
      await at.post("/authentication/required-actions/UPDATE_PASSWORD/raise-priority");
    },
  },
  {
    name: "terms to be accepted by everybody",
    byHand: (at) =>
      at.change("/authentication/required-actions/TERMS_AND_CONDITIONS", { enabled: true, defaultAction: true }),
  },
  {
    name: "required action with a configuration",
    byHand: (at) =>
      at.put("/authentication/required-actions/UPDATE_PASSWORD/config", { config: { max_auth_age: "60" } }),
  },
  {
    name: "client that authenticates by signed JWT",
    byHand: async (at) => {
      const attributes = { "use.jwks.url": "true", "jwks.url": "https://desk.example/jwks" };
      await at.post("/clients", { clientId: "desk", clientAuthenticatorType: "client-jwt", attributes });
      await clientId(at, "desk");
    },
  },
];
